import type { Redis } from 'ioredis'
import { createAvailability, type Availability } from './availability.redis.ts'
import { viewOf, type NodesReply } from './clusterView.ts'
import { redisReady } from './connection.redis.ts'
import { askNodes, askSeeds } from './findCluster.redis.ts'
import { shardCount } from './keys.ts'
import { within } from '../within.ts'

/** One master, by a connection of its own. */
export type ClusterNode = {
  /** `host:port`. */
  readonly address: string
  readonly redis: Redis
  readonly availability: Availability
}

/** Which node holds which shard. */
export type ClusterMap = {
  /** Every node that was ever met, by a number that stays. */
  readonly nodes: readonly ClusterNode[]
  /** Number of the node that holds the shard; -1: none does, or the shard is being moved. */
  nodeOf(shard: number): number
  /** Becomes another number whenever a shard goes to another node. */
  readonly version: number
  /** Asks the nodes; a second caller waits for the first one's answer. Takes at most two time-outs. Never rejects. */
  refresh(): Promise<void>
  /** Resolves when no `refresh` is under way. */
  settled(): Promise<void>
  /** `hasNewMaster`: a node got shards that had none, as a replica does that takes over and may lack the last writes. */
  onChange(listener: (hasNewMaster: boolean) => void): void
  /** Addresses of the nodes with shards that do not answer. */
  missing(): readonly string[]
  close(): void
}

export type ClusterMapDeps = {
  /** `host:port` of a node, to a connection. */
  readonly connect: (address: string) => Redis
  /** Connections to what the configuration names, for when no known node answers. */
  readonly connectSeeds: () => readonly Redis[]
  /** For one script call, and for one question. */
  readonly commandTimeoutMs?: number
  /** How often the nodes are asked while one is away, or a shard is with none. */
  readonly refreshEveryMs?: number
  /** Told the addresses that do not answer, each time these change. */
  readonly onMissing?: (addresses: readonly string[]) => void
  readonly onError?: (error: unknown) => void
}

const seedsTimeoutMs = 1_000
const readyWithinMs = 2_000

/** @param first what one node of the cluster said. Resolves when the masters can be used, or have not answered in time. */
export const openClusterMap = async (deps: ClusterMapDeps, first: NodesReply): Promise<ClusterMap> => {
  const { commandTimeoutMs = 250, refreshEveryMs = 200, onMissing = () => undefined } = deps
  const nodes: ClusterNode[] = []
  const listeners: ((hasNewMaster: boolean) => void)[] = []
  let owners = new Int16Array(shardCount).fill(-1)
  let version = 0
  let running: Promise<void> | null = null
  let next: ReturnType<typeof setTimeout> | null = null
  let closed = false
  let told = ''

  const owning = (): readonly ClusterNode[] => nodes.filter((_, i) => owners.includes(i))
  const missing = (): readonly string[] =>
    owning()
      .filter(({ redis, availability }) => availability.isAway() || redis.status !== 'ready')
      .map(({ address }) => address)

  const tell = (): void => {
    const addresses = owning()
      .filter(({ availability }) => availability.isAway())
      .map(({ address }) => address)
    if (addresses.join() === told) return
    told = addresses.join()
    onMissing(addresses)
  }

  const openNode = (address: string): ClusterNode => {
    const redis = deps.connect(address)
    const availability = createAvailability({
      redis,
      commandTimeoutMs,
      ...(deps.onError === undefined ? {} : { onError: deps.onError }),
      onEvent: (event) => {
        if (event !== 'back') void refresh()
        if (event === 'away' || event === 'back') tell()
      },
    })
    return { address, redis, availability }
  }

  const numberOf = (address: string): number => {
    const known = nodes.findIndex((node) => node.address === address)
    return known >= 0 ? known : nodes.push(openNode(address)) - 1
  }

  const apply = (replies: readonly NodesReply[]): void => {
    const view = viewOf(replies)
    const numbers = view.masters.map(numberOf)
    const before = owners
    owners = view.owners.map((place) => numbers[place] ?? -1)
    if (owners.every((owner, shard) => owner === before[shard])) return
    version++
    const hasNewMaster = numbers.some((number) => !before.includes(number))
    for (const listener of listeners) listener(hasNewMaster)
  }

  const ask = async (): Promise<void> => {
    const asked = nodes.filter(
      ({ redis, availability }) => redis.status === 'ready' && !availability.isAway(),
    )
    const answers = await Promise.all(
      asked.map(({ redis }) => within(askNodes(redis), commandTimeoutMs).catch(() => 'late' as const)),
    )
    let replies = answers.filter((answer) => answer !== 'late')
    if (replies.length === 0) replies = [...(await askSeeds(deps.connectSeeds(), seedsTimeoutMs))]
    if (replies.length > 0 && !closed) apply(replies)
  }

  const askAgainLater = (): void => {
    if (closed || next !== null) return
    if (!owners.includes(-1) && !owning().some(({ availability }) => availability.isAway())) return
    next = setTimeout(() => {
      next = null
      void refresh()
    }, refreshEveryMs)
    next.unref()
  }

  const refresh = (): Promise<void> => {
    if (closed) return Promise.resolve()
    running ??= ask()
      .catch((error: unknown) => deps.onError?.(error))
      .finally(() => {
        running = null
        tell()
        askAgainLater()
      })
    return running
  }

  apply([first])
  await within(
    Promise.all(nodes.map(({ redis }) => redisReady(redis))).then(() => refresh()),
    readyWithinMs,
  ).catch(() => undefined)
  askAgainLater()

  return {
    nodes,
    nodeOf: (shard) => owners[shard] ?? -1,
    get version() {
      return version
    },
    refresh,
    settled: () => running ?? Promise.resolve(),
    onChange: (listener) => void listeners.push(listener),
    missing,
    close: () => {
      closed = true
      if (next !== null) clearTimeout(next)
      for (const { redis, availability } of nodes) {
        availability.close()
        redis.disconnect()
      }
    },
  }
}
