import type { Folded } from './folded.ts'
import { listSeen, packSeen, type LastSeen } from './lastSeen.ts'
import { entitySlots } from './record.ts'

export type Meetings = Pick<Folded, 'lastSeen' | 'forgottenUntil' | 'forgotten'>

/** Of payments that go. */
export type Meeting = {
  readonly count: number
  /** Epoch ms. */
  readonly at: (index: number) => number
  /** Hash of the entity in the slot; 0: it has none. */
  readonly entity: (index: number, slot: number) => number
}

const slots = Array.from({ length: entitySlots }, (_, slot) => slot)

type Met = { -readonly [K in keyof LastSeen]: LastSeen[K] }

const meet = (met: Map<number, Met>, slot: number, hash: number, at: number): void => {
  const earlier = met.get(hash)
  if (earlier === undefined) {
    met.set(hash, { slot, hash, first: at, last: at, count: 1 })
    return
  }
  earlier.first = Math.min(earlier.first, at)
  earlier.last = Math.max(earlier.last, at)
  earlier.count++
}

/**
 * Those that were met last are remembered; of the others how many there were, and until when.
 * @param oldest epoch ms: what was met no later goes without a trace
 */
export const meetingsOf = (
  before: Folded | null,
  { count, at, entity }: Meeting,
  oldest: number,
  perSlot: number,
): Meetings => {
  const seenBefore = before === null ? [] : listSeen(before.lastSeen)
  const lastSeen: LastSeen[] = []
  const forgottenUntil: number[] = []
  const forgotten: number[] = []
  for (const slot of slots) {
    const met = new Map<number, Met>()
    for (const seen of seenBefore) if (seen.slot === slot) met.set(seen.hash, { ...seen })
    for (let index = 0; index < count; index++) {
      const hash = entity(index, slot)
      if (hash !== 0) meet(met, slot, hash, at(index))
    }
    const newestFirst = [...met.values()]
      .filter(({ last }) => last > oldest)
      .toSorted((a, b) => b.last - a.last)
    const gone = newestFirst.slice(perSlot)
    lastSeen.push(...newestFirst.slice(0, perSlot))
    forgottenUntil.push(Math.max(before?.forgottenUntil[slot] ?? -Infinity, gone[0]?.last ?? -Infinity))
    forgotten.push((before?.forgotten[slot] ?? 0) + gone.length)
  }
  return { lastSeen: packSeen(lastSeen), forgottenUntil, forgotten }
}
