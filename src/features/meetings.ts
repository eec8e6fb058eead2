import type { Folded, LastSeen } from './folded.ts'
import { entitySlots } from './record.ts'

export type Meetings = Pick<Folded, 'lastSeen' | 'forgottenUntil' | 'forgotten'>

/** A payment that names entities, by slot; 0: none. */
export type Meeting = { readonly at: number; readonly entities: readonly number[] }

const slots = Array.from({ length: entitySlots }, (_, slot) => slot)

const meet = (met: Map<number, LastSeen>, slot: number, hash: number, at: number): void => {
  const earlier = met.get(hash)
  met.set(hash, {
    slot,
    hash,
    first: Math.min(earlier?.first ?? at, at),
    last: Math.max(earlier?.last ?? at, at),
    count: (earlier?.count ?? 0) + 1,
  })
}

/**
 * Those that were met last are remembered; of the others how many there were, and until when.
 * @param oldest epoch ms: what was met no later goes without a trace
 */
export const meetingsOf = (
  before: Folded | null,
  payments: readonly Meeting[],
  oldest: number,
  perSlot: number,
): Meetings => {
  const lastSeen: LastSeen[] = []
  const forgottenUntil: number[] = []
  const forgotten: number[] = []
  for (const slot of slots) {
    const met = new Map<number, LastSeen>()
    for (const seen of before?.lastSeen ?? []) if (seen.slot === slot) met.set(seen.hash, seen)
    for (const { entities, at } of payments) {
      const hash = entities[slot] ?? 0
      if (hash !== 0) meet(met, slot, hash, at)
    }
    const newestFirst = [...met.values()]
      .filter(({ last }) => last > oldest)
      .toSorted((a, b) => b.last - a.last)
    const gone = newestFirst.slice(perSlot)
    lastSeen.push(...newestFirst.slice(0, perSlot))
    forgottenUntil.push(Math.max(before?.forgottenUntil[slot] ?? -Infinity, gone[0]?.last ?? -Infinity))
    forgotten.push((before?.forgotten[slot] ?? 0) + gone.length)
  }
  return { lastSeen, forgottenUntil, forgotten }
}
