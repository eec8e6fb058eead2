import { bucketOfOne, paymentClasses, withoutRate, type Bucket } from './bucket.ts'
import {
  allowedFromAt,
  amountsAt,
  blockedFromAt,
  entitiesAt,
  neverTold,
  positionsAt,
  timesAt,
} from './columns.ts'
import type { History } from './history.ts'

/** The payments of a history that are told apart, by their number in the order of the log. */
export type LivePayments = {
  readonly count: number
  /** Where its first record begins. */
  readonly position: (index: number) => number
  /** Epoch ms. */
  readonly at: (index: number) => number
  /** Neither allowed nor blocked yet. */
  readonly isOpen: (index: number) => boolean
  /** Hash of the entity in the slot; 0: it has none. */
  readonly entity: (index: number, slot: number) => number
  readonly bucket: (index: number) => Bucket
}

export const livePayments = (history: History): LivePayments => {
  const { doubles, words, capacity, payments } = history
  const [times, amounts, positions] = [timesAt(capacity), amountsAt(capacity), positionsAt(capacity)]
  const [allowedFrom, blockedFrom] = [allowedFromAt(capacity), blockedFromAt(capacity)]

  const classOf = (index: number): number => {
    if (words[blockedFrom + index] !== neverTold) return paymentClasses.blocked
    return words[allowedFrom + index] === neverTold ? paymentClasses.other : paymentClasses.allowed
  }

  const at = (index: number): number => doubles[times + index] ?? 0
  return {
    count: payments,
    position: (index) => words[positions + index] ?? 0,
    at,
    isOpen: (index) => classOf(index) === paymentClasses.other,
    entity: (index, slot) => words[entitiesAt(capacity, slot) + index] ?? 0,
    bucket: (index) => {
      const amount = doubles[amounts + index] ?? NaN
      return bucketOfOne(
        Number.isNaN(amount) ? classOf(index) + withoutRate : classOf(index),
        at(index),
        amount,
      )
    },
  }
}
