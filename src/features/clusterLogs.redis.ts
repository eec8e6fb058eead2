import type { FoldingOptions } from './folding.redis.ts'
import type { Appends } from './appends.ts'
import type { Availability } from './availability.redis.ts'
import { createCatchUp } from './catchUp.redis.ts'
import type { ClusterMap } from './clusterMap.redis.ts'
import { createCopies } from './copies.ts'
import { createCoverage } from './coverage.ts'
import type { OnHistoriesEvent } from './histories.ts'
import type { History } from './history.ts'
import { shardOfKey, type Keys } from './keys.ts'
import type { LogStore } from './logStore.ts'
import type { Waiting } from './missed.ts'
import { createNodeLogs, type NodeLogs } from './nodeLogs.redis.ts'
import type { Recall } from './recall.redis.ts'
import { shareAppends, sharesOf, type Placement, type Question, type Share } from './shares.ts'

export type ClusterLogsDeps = {
  readonly map: ClusterMap
  readonly keys: Keys
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly onEvent: OnHistoriesEvent
  readonly expiryMs: number
  readonly copyMaxAgeMs: number
  /** For each node. */
  readonly missedMaxBytes: number
  readonly folding: FoldingOptions | null
}

const never: Availability = {
  attempt: () => Promise.resolve({ answered: false }),
  attemptBeside: () => Promise.resolve({ answered: false }),
  isAway: () => true,
  commandTimeoutMs: 0,
  onBack: () => undefined,
  close: () => undefined,
}

/** Keeps what is for shards that no node holds, or that are being moved, until one does. */
const createNowhere = (onEvent: OnHistoriesEvent, missedMaxBytes: number): NodeLogs => {
  const nothing = (): Promise<void> => Promise.resolve()
  const kept = createCatchUp({
    availability: never,
    append: nothing,
    declareLost: nothing,
    onEvent,
    missedMaxBytes,
  })
  return {
    ...kept,
    recall: () => Promise.resolve({ answered: false }),
    append: () => Promise.resolve({ answered: false }),
    appendBeside: () => Promise.resolve({ answered: false }),
  }
}

/** Puts together what the nodes have answered; what none has is unknown. */
const createMerged = () => {
  const histories: (History | 'unknown')[] = []
  const byShard = new Map<number, Recall>()
  const byDevice = new Map<string, Recall>()
  return {
    take: ({ appends, places, batch }: Share, recall: Recall): void => {
      appends.touched.forEach(({ entity }, i) => {
        histories[places[i] ?? -1] = recall.history(i)
        byShard.set(entity.shard, recall)
      })
      for (const { payment } of batch) if (payment.deviceId !== null) byDevice.set(payment.deviceId, recall)
    },
    recall: {
      history: (place) => histories[place] ?? 'unknown',
      coveredSince: (entity) => byShard.get(entity.shard)?.coveredSince(entity) ?? Infinity,
      device: (deviceId) => {
        const recall = byDevice.get(deviceId)
        return recall === undefined ? 'unknown' : recall.device(deviceId)
      },
    } satisfies Recall,
  }
}

/**
 * Logs on the masters of a cluster. Each gets one call for a batch, at the same time, with a time-out and a backlog
 * of its own: one that is away takes with it what it holds and nothing else.
 */
export const createClusterLogs = (deps: ClusterLogsDeps): LogStore => {
  const { map, keys, now, onEvent, missedMaxBytes } = deps
  const copies = createCopies({ now, grew: keys.grew, maxAgeMs: deps.copyMaxAgeMs })
  const shared = { copies, coverage: createCoverage(now) }
  const nowhere = createNowhere(onEvent, missedMaxBytes)
  const opened = new Map<number, NodeLogs>()
  const placement: Placement = {
    nodeOfShard: map.nodeOf,
    nodeOfDevice: (deviceId) => map.nodeOf(shardOfKey(keys.deviceState(deviceId))),
  }

  const logsOf = (number: number): NodeLogs => {
    const node = map.nodes[number]
    if (node === undefined) return nowhere
    const known = opened.get(number)
    if (known !== undefined) return known
    const logs = createNodeLogs({ ...deps, redis: node.redis, availability: node.availability, shared })
    opened.set(number, logs)
    return logs
  }
  const all = (): readonly NodeLogs[] => [nowhere, ...opened.values()]
  const isAway = (number: number): boolean => map.nodes[number]?.availability.isAway() ?? true

  /** To the nodes that have the shards by now, whichever was asked. */
  const miss = (appends: Appends): void => {
    for (const [node, part] of shareAppends(appends, map.nodeOf)) logsOf(node).miss(part)
  }

  const handOver = ({ appends, lostUntil }: Waiting): void => {
    const none = new Map<number, number>()
    for (const each of appends)
      for (const [node, part] of shareAppends(each, map.nodeOf))
        logsOf(node).adopt({ appends: [part], lostUntil: none })
    for (const [shard, until] of lostUntil)
      logsOf(map.nodeOf(shard)).adopt({ appends: [], lostUntil: new Map([[shard, until]]) })
  }

  map.onChange((hasNewMaster) => {
    if (hasNewMaster) copies.dropAll()
    const released = all().map((logs) => logs.release())
    for (const waiting of released) handOver(waiting)
  })

  /** Whether shards have gone to other nodes since `version`, once that is known. */
  const movedSince = async (version: number): Promise<boolean> => {
    await map.settled()
    return map.version !== version
  }

  const recallAll = (
    merged: ReturnType<typeof createMerged>,
    question: Question,
    mayRetry: boolean,
  ): Promise<unknown> =>
    Promise.all(sharesOf(question, placement).map((share) => recallShare(merged, share, mayRetry)))

  const recallShare = async (
    merged: ReturnType<typeof createMerged>,
    share: Share,
    mayRetry: boolean,
  ): Promise<void> => {
    const { version } = map
    const retries = mayRetry && !isAway(share.node)
    const answer = await logsOf(share.node).recall(share.appends, share.batch, share.before)
    if (answer.answered) merged.take(share, answer.value)
    else if (retries && (await movedSince(version))) await recallAll(merged, share, false)
    else for (const each of [...share.before, share.appends]) miss(each)
  }

  /** @param onRefused told of what a node did not take, or may not have taken */
  const appendAll = (
    by: 'append' | 'appendBeside',
    appends: Appends,
    mayRetry: boolean,
    onRefused: (part: Appends) => void,
  ): Promise<unknown> =>
    Promise.all(
      [...shareAppends(appends, map.nodeOf)].map(async ([node, part]) => {
        const { version } = map
        const retries = mayRetry && !isAway(node)
        if ((await logsOf(node)[by](part)).answered) return
        if (retries && (await movedSince(version))) await appendAll(by, part, false, onRefused)
        else onRefused(part)
      }),
    )

  return {
    recall: async (appends, batch, before) => {
      const merged = createMerged()
      await recallAll(merged, { appends, places: appends.touched.map((_, i) => i), batch, before }, true)
      return { answered: true, value: merged.recall }
    },
    append: async (appends) => {
      await appendAll('append', appends, true, miss)
    },
    tryAppend: async (appends) => {
      let isTaken = true
      await appendAll('appendBeside', appends, true, () => {
        isTaken = false
      })
      return isTaken
    },
    close: async () => {
      await Promise.all(all().map((logs) => logs.close()))
    },
  }
}
