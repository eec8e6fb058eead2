import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import { createHistory, lateCount, waitingCount } from '../../../../src/features/history.ts'
import { contentBits, encodeOutcomeRecord, outcomeRecordBytes } from '../../../../src/features/record.ts'
import {
  began,
  featuresOf,
  feedback,
  options,
  outcome,
  payment,
  record,
  whole,
  type Paid,
} from '../../../support/foldedLogs.ts'
import { aReceived } from '../../../support/payments.ts'

const minute = 60_000
const tries = (count: number, became: Paid['outcome']): readonly Paid[] =>
  Array.from({ length: count }, (_, n) => ({
    at: began + n * 100,
    amount: 100,
    device: 1,
    outcome: became,
  }))
const folded = (log: Uint8Array): Uint8Array => fold(log, options) ?? log
const after = began + 10 * minute
const hour = (log: Uint8Array, measure: string): number =>
  featuresOf(log, after, 1).get(`account.${measure}.1h`) ?? NaN
const declines = (payments: readonly Paid[]): Uint8Array =>
  Buffer.concat(payments.map((each, id) => feedback(id, each, 'DECLINED', id)))

describe('what became of a payment and is told after it was folded', () => {
  const allowed = tries(600, 'ALLOW')
  const declined = Buffer.concat([folded(whole(allowed)), declines(allowed)])

  test('counts: a card that was tried and declined 600 times in a minute', () => {
    expect(hour(declined, 'declined_count')).toBe(600)
    expect(hour(declined, 'accepted_count')).toBe(0)
    expect(hour(declined, 'count')).toBe(601)
  })

  test('counts the same when it is folded in its turn', () => {
    const again = folded(declined)
    expect(again.byteLength).toBeLessThan(declined.byteLength / 2)
    for (const measure of ['declined_count', 'accepted_count', 'count', 'sum'])
      expect(hour(again, measure), measure).toBe(hour(declined, measure))
  })

  test('counts once, however often it is delivered', () => {
    const twice = Buffer.concat([declined, declines(allowed)])
    expect(hour(twice, 'declined_count')).toBe(600)
    const afterFolds = Buffer.concat([folded(folded(twice)), declines(allowed)])
    expect(hour(afterFolds, 'declined_count')).toBe(600)
    expect(hour(afterFolds, 'accepted_count')).toBe(0)
  })

  test('counts once where it came before the fold and is delivered again', () => {
    const before = folded(Buffer.concat([whole(allowed), declines(allowed)]))
    expect(hour(Buffer.concat([before, declines(allowed)]), 'declined_count')).toBe(
      hour(before, 'declined_count'),
    )
  })

  test('lies in the windows of its payment', () => {
    const log = folded(
      whole([{ at: began - 3 * 3_600_000, amount: 1, device: 1, outcome: 'ALLOW' }, ...allowed]),
    )
    const early = Buffer.concat([log, feedback(0, { at: began - 3 * 3_600_000 }, 'DECLINED', 0)])
    expect(hour(early, 'declined_count')).toBe(0)
    expect(featuresOf(early, after, 1).get('account.declined_count.24h')).toBe(1)
  })

  test('lets a passed step-up count as accepted, and a failed one as failed', () => {
    const asked = tries(600, 'STEP_UP')
    const told = asked.map((each, id) =>
      feedback(id, each, id % 3 === 0 ? 'STEP_UP_FAILED' : 'STEP_UP_PASSED', id),
    )
    const log = Buffer.concat([folded(whole(asked)), ...told])
    for (const one of [log, folded(log)]) {
      expect(hour(one, 'stepup_failed')).toBe(200)
      expect(hour(one, 'accepted_count')).toBe(400)
      expect(hour(one, 'sum')).toBe(600 * 100 + 50)
    }
  })

  test('stays declined when it is said to have passed as well', () => {
    const asked = tries(600, 'STEP_UP')
    const told = asked
      .slice(0, 20)
      .flatMap((each, id) => [
        feedback(id, each, 'DECLINED', 2 * id),
        feedback(id, each, 'STEP_UP_PASSED', 2 * id + 1),
      ])
    expect(hour(Buffer.concat([folded(whole(asked)), ...told]), 'accepted_count')).toBe(0)
  })

  test('does not change what the payments were in all', () => {
    const mixed = allowed.map((each, n) => ({ ...each, amount: 100 + n, at: began + n * minute }))
    const log = folded(whole(mixed))
    const told = Buffer.concat([log, declines(mixed.slice(0, 400))])
    const at = began + 600 * minute
    for (const measure of ['count', 'sum', 'mean'])
      expect(featuresOf(told, at, 1).get(`account.${measure}.30d`), measure).toBeCloseTo(
        featuresOf(log, at, 1).get(`account.${measure}.30d`) ?? NaN,
      )
  })

  test('waits in an hour for a payment that is newer than all that is folded', () => {
    const log = folded(whole(allowed))
    const coming = { at: after - 1, amount: 5, device: 1, outcome: 'ALLOW' as const }
    const told = folded(Buffer.concat([log, feedback(9_000, coming, 'DECLINED', 9_000)]))
    expect([waitingCount(createHistory(told)), lateCount(createHistory(told))]).toEqual([1, 0])
    expect(hour(told, 'declined_count')).toBe(0)
    expect(hour(Buffer.concat([told, payment(9_000, coming)]), 'declined_count')).toBe(1)
  })
})

describe('a decision that is appended after its payment was folded', () => {
  const blocks = (payments: readonly Paid[]): Uint8Array =>
    Buffer.concat(
      payments.map(({ at }, id) =>
        record(outcomeRecordBytes, (view) =>
          encodeOutcomeRecord(view, 0, {
            idLow: id,
            idHigh: 7,
            attempt: 1,
            content: contentBits(aReceived().contentHash),
            outcome: 'BLOCK',
            effectiveAt: at,
            partition: 3,
            offset: id,
          }),
        ),
      ),
    )
  const undecided = tries(600, 'UNKNOWN')
  const paid = Buffer.concat(undecided.map((each, id) => payment(id, each)))
  // Two folds: of what nothing became of, eight times as many stay as of the others.
  const later = { at: began + 5 * minute, amount: 1, device: 1, outcome: 'ALLOW' as const }
  const log = folded(Buffer.concat([folded(paid), payment(9_000, later), outcome(9_000, later)]))

  test('counts, once', () => {
    const told = Buffer.concat([log, blocks(undecided)])
    expect(hour(told, 'blocked_count')).toBe(600)
    expect(hour(Buffer.concat([told, blocks(undecided)]), 'blocked_count')).toBe(600)
    expect(hour(Buffer.concat([folded(told), blocks(undecided)]), 'blocked_count')).toBe(600)
  })

  test('counts once where the record of the payment said it already, as after a rebuild', () => {
    const rebuilt = folded(Buffer.concat(undecided.map((each, id) => payment(id, each, 'BLOCK'))))
    expect(hour(Buffer.concat([rebuilt, blocks(undecided)]), 'blocked_count')).toBe(
      hour(rebuilt, 'blocked_count'),
    )
  })
})
