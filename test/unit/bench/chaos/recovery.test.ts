import { describe, expect, it } from 'vitest'
import type { Answered } from '../../../../bench/chaos/program.ts'
import { recoveriesOf } from '../../../../bench/chaos/recovery.ts'

const options = { deadlineMs: 1_000, calmMs: 10_000, steadyMs: 2_000 }
const startedAt = 1_000_000

/** A hundred payments a second for a minute; `waitMs` by the second of the run at which each was meant to be sent. */
const run = (waitMs: (atS: number) => number): readonly Answered[] =>
  Array.from({ length: 6_000 }, (_, i) => {
    const intendedAt = startedAt + i * 10
    const receivedAt = intendedAt + waitMs(i / 100)
    return { intendedAt, appendedAt: receivedAt, receivedAt }
  })
const fault = (fromS: number, toS: number) => ({
  name: 'a fault',
  beganAt: startedAt + fromS * 1_000,
  endedAt: startedAt + toS * 1_000,
})

describe('the recovery from a fault', () => {
  it('takes until latency is usual again, and stays so', () => {
    const payments = run((at) => (at >= 20 && at < 26 ? (26 - at) * 1_000 : 10))
    const [recovery] = recoveriesOf(payments, [fault(20, 22)], options)
    expect(recovery).toMatchObject({ atS: 20, lastedS: 2, limitMs: 20, recoveredS: 6, longestS: 6 })
    // Those that were meant to be sent from 20 s to 25 s.
    expect(recovery?.overdue).toBe(500)
  })

  it('takes no time where nothing is felt', () => {
    const [recovery] = recoveriesOf(
      run(() => 10),
      [fault(20, 25)],
      options,
    )
    expect(recovery).toMatchObject({ recoveredS: 0, overdue: 0 })
  })

  it('is not over while the fault lasts, though latency may be usual for a while', () => {
    const payments = run((at) => (at >= 25 && at < 27 ? 5_000 : 10))
    expect(recoveriesOf(payments, [fault(20, 26)], options)[0]?.recoveredS).toBe(7)
  })

  it('sees a partition of four that alone is silent', () => {
    const payments = run(() => 10).map((each, i) =>
      i % 4 === 0 && i >= 2_000 && i < 3_000 ? { ...each, receivedAt: startedAt + 30_000 } : each,
    )
    expect(recoveriesOf(payments, [fault(20, 21)], options)[0]?.recoveredS).toBe(10)
  })

  it('never comes where payments are not answered, and what was usual before the next fault is not taken from then', () => {
    const payments = run((at) => (at >= 20 && at < 40 ? NaN : 10))
    const [first, second] = recoveriesOf(payments, [fault(20, 21), fault(39, 40)], options)
    expect(first?.recoveredS).toBeNaN()
    expect(first?.longestS).toBe(Infinity)
    expect(second).toMatchObject({ limitMs: 20, recoveredS: 1 })
  })
})
