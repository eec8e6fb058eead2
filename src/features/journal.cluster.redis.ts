import type { Journal, JournalEntry, JournalReply } from '../domain/journal.ts'
import type { ClusterMap } from './clusterMap.redis.ts'
import { groupedBy } from './grouped.ts'
import { createRedisJournal } from './journal.redis.ts'
import { shardOfKey, type Keys } from './keys.ts'

export type ClusterJournalDeps = {
  readonly map: ClusterMap
  readonly keys: Keys
  readonly ttlMs?: number
}

/** An entry and its place in the batch. */
type Placed = { readonly entry: JournalEntry; readonly place: number }

const unknown: JournalReply = { kind: 'unknown' }

/** Where an entry was sent twice the first call may have set it, and its own answer then is no earlier one. */
const afterRetry = ({ bytes }: JournalEntry, reply: JournalReply): JournalReply =>
  reply.kind === 'repeated' && reply.bytes.equals(bytes) ? { kind: 'first' } : reply

/** A journal on the masters of a cluster: for a batch one call to each, at the same time. */
export const createClusterJournal = ({ map, keys, ...options }: ClusterJournalDeps): Journal => {
  const opened = new Map<number, Journal>()
  const journalOf = (number: number): Journal | null => {
    const node = map.nodes[number]
    if (node === undefined) return null
    const known = opened.get(number)
    if (known !== undefined) return known
    const journal = createRedisJournal({
      redis: node.redis,
      availability: node.availability,
      keys,
      ...options,
    })
    opened.set(number, journal)
    return journal
  }
  const nodeOf = ({ entry }: Placed): number =>
    map.nodeOf(shardOfKey(keys.journal(entry.paymentId, entry.attempt)))

  /** Fills in the replies, and gives the entries that a node which was there has not answered. */
  const ask = async (
    placed: readonly Placed[],
    take: (each: Placed, reply: JournalReply) => void,
  ): Promise<readonly Placed[]> => {
    const failed: Placed[] = []
    const askOne = async (number: number, some: readonly Placed[]): Promise<void> => {
      const wasAway = map.nodes[number]?.availability.isAway() ?? true
      const replies = await journalOf(number)?.first(some.map(({ entry }) => entry))
      some.forEach((each, i) => {
        const reply = replies?.[i] ?? unknown
        take(each, reply)
        if (reply.kind === 'unknown' && !wasAway) failed.push(each)
      })
    }
    await Promise.all([...groupedBy(placed, nodeOf)].map(([number, some]) => askOne(number, some)))
    return failed
  }

  return {
    first: async (entries) => {
      const replies: JournalReply[] = entries.map(() => unknown)
      const { version } = map
      const failed = await ask(
        entries.map((entry, place) => ({ entry, place })),
        ({ place }, reply) => (replies[place] = reply),
      )
      if (failed.length === 0) return replies
      await map.settled()
      if (map.version !== version)
        await ask(failed, ({ entry, place }, reply) => (replies[place] = afterRetry(entry, reply)))
      return replies
    },
  }
}
