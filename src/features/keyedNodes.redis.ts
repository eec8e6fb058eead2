import type { Redis } from 'ioredis'
import type { Availability } from './availability.redis.ts'
import type { ClusterMap } from './clusterMap.redis.ts'
import { groupedBy } from './grouped.ts'
import { shardOfKey } from './keys.ts'
import { createScript, type RedisScript } from './scripts.redis.ts'

export type KeyedNode = { readonly redis: Redis; readonly availability: Availability }

/** Where keys are: one Redis, or the masters of a cluster. For what no payment waits for. */
export type KeyedNodes = {
  /** Of the node that has the key; null: none has. */
  readonly nodeOf: (key: string) => KeyedNode | null
  /** Becomes another number whenever keys go to another node. */
  readonly version: () => number
  /** Looks where the keys are, after a call failed. Never rejects. */
  readonly refresh: () => Promise<void>
}

export const oneNode = (node: KeyedNode): KeyedNodes => ({
  nodeOf: () => node,
  version: () => 0,
  refresh: () => Promise.resolve(),
})

export const clusterNodes = (map: ClusterMap): KeyedNodes => ({
  nodeOf: (key) => map.nodes[map.nodeOf(shardOfKey(key))] ?? null,
  version: () => map.version,
  refresh: map.refresh,
})

/** So many keys in one call at most: Redis serves payments in between. */
const itemsPerCall = 64

/**
 * Asks the node of each item's key, all nodes at the same time, and gives the replies in the items' order; null where
 * a node did not answer: whether the call took effect is then unknown, and it may have run twice. Never rejects.
 * @param call gives one reply for each item
 */
export const askPerNode = async <T, R extends {}>(
  nodes: KeyedNodes,
  items: readonly T[],
  keyOf: (item: T) => string,
  call: (node: KeyedNode, some: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly (R | null)[]> => {
  const replies: (R | null)[] = items.map(() => null)

  const askNode = async (node: KeyedNode | null, places: readonly number[]): Promise<void> => {
    if (node === null) return
    for (let from = 0; from < places.length; from += itemsPerCall) {
      const some = places.slice(from, from + itemsPerCall)
      const asked = some.map((place) => items[place] as T)
      const attempted = await node.availability.attemptBeside(() => call(node, asked))
      if (!attempted.answered) return
      some.forEach((place, i) => (replies[place] = attempted.value[i] ?? null))
    }
  }
  const ask = async (places: readonly number[]): Promise<readonly number[]> => {
    const byNode = groupedBy(places, (place) => nodes.nodeOf(keyOf(items[place] as T)))
    await Promise.all([...byNode].map(([node, some]) => askNode(node, some)))
    return places.filter((place) => replies[place] === null)
  }

  const version = nodes.version()
  const unanswered = await ask(items.map((_, place) => place))
  if (unanswered.length === 0) return replies
  await nodes.refresh()
  if (nodes.version() !== version) await ask(unanswered)
  return replies
}

/** One script on whichever node it is asked of. */
export const scriptOnEach = (lua: string): ((node: KeyedNode) => RedisScript) => {
  const scripts = new WeakMap<Redis, RedisScript>()
  return ({ redis }) => {
    const known = scripts.get(redis)
    if (known !== undefined) return known
    const script = createScript(redis, lua)
    scripts.set(redis, script)
    return script
  }
}
