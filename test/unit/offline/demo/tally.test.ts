import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTally } from '../../../../src/offline/demo/tally.ts'
import { aPayment } from '../../../support/payments.ts'
import { aDecision, fraudTruth, goodTruth } from '../../../support/simulated.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

const tallyOf = (...paymentIds: readonly string[]) => {
  const tally = createTally()
  for (const paymentId of paymentIds) tally.sent(aPayment({ paymentId }), goodTruth, 100)
  return tally
}

describe('the tally of a switch', () => {
  it('matches decisions with payments, and knows what is missing', () => {
    const tally = tallyOf('a', 'b')
    tally.received(aDecision({ paymentId: 'a' }), bytes('1'), 104)
    expect(tally.snapshot()).toMatchObject({ sent: 2, decided: 1, duplicates: 0, conflicting: 0 })
    expect(tally.isComplete()).toBe(false)
    tally.received(aDecision({ paymentId: 'b', outcome: 'BLOCK' }), bytes('2'), 105)
    expect(tally.snapshot().outcomes).toEqual({ ALLOW: 1, STEP_UP: 0, BLOCK: 1 })
    expect(tally.isComplete()).toBe(true)
  })

  it('tells a decision that came again from a second, different one', () => {
    const tally = tallyOf('a', 'b')
    for (const text of ['same', 'same', 'same'])
      tally.received(aDecision({ paymentId: 'a' }), bytes(text), 104)
    for (const text of ['one', 'other', 'third', 'one'])
      tally.received(aDecision({ paymentId: 'b' }), bytes(text), 104)
    expect(tally.snapshot()).toMatchObject({ decided: 2, duplicates: 3, conflicting: 1 })
  })

  it('takes another attempt for another payment', () => {
    const tally = tallyOf('a')
    tally.received(aDecision({ paymentId: 'a', attempt: 2 }), bytes('1'), 104)
    expect(tally.snapshot()).toMatchObject({ decided: 0, unexpected: 1 })
  })

  it('knows the truth: frauds caught and missed, good payments stopped', () => {
    const tally = createTally()
    for (const paymentId of ['f1', 'f2', 'f3']) tally.sent(aPayment({ paymentId }), fraudTruth, 0)
    for (const paymentId of ['g1', 'g2']) tally.sent(aPayment({ paymentId }), goodTruth, 0)
    tally.received(aDecision({ paymentId: 'f1', outcome: 'STEP_UP' }), bytes('1'), 1)
    tally.received(aDecision({ paymentId: 'f2', outcome: 'BLOCK' }), bytes('2'), 1)
    tally.received(aDecision({ paymentId: 'f3', outcome: 'ALLOW', degraded: ['device'] }), bytes('3'), 1)
    tally.received(aDecision({ paymentId: 'g1', outcome: 'STEP_UP', late: true }), bytes('4'), 1)
    tally.received(aDecision({ paymentId: 'g2' }), bytes('5'), 1)
    expect(tally.snapshot()).toMatchObject({
      fraud: { caught: 2, missed: 1 },
      goodStopped: 1,
      degraded: 1,
      late: 1,
    })
  })

  it('measures from the time that was intended, in milliseconds', () => {
    const tally = tallyOf('a', 'b')
    expect(tally.snapshot().latencyMs).toBeNull()
    tally.received(aDecision({ paymentId: 'a' }), bytes('1'), 103.5)
    tally.received(aDecision({ paymentId: 'b' }), bytes('2'), 150)
    const latency = tally.snapshot().latencyMs
    expect(latency?.p50).toBeCloseTo(3.5, 2)
    expect(latency?.max).toBeCloseTo(50, 0)
  })

  it('shows the most telling payments', () => {
    const tally = createTally()
    tally.sent(aPayment({ paymentId: 'g' }), goodTruth, 0)
    tally.sent(aPayment({ paymentId: 'f' }), fraudTruth, 0)
    tally.received(aDecision({ paymentId: 'g', outcome: 'BLOCK' }), bytes('1'), 1)
    expect(tally.shown().map(({ payment }) => payment.paymentId)).toEqual(['g'])
    tally.received(aDecision({ paymentId: 'f', outcome: 'BLOCK' }), bytes('2'), 1)
    expect(tally.shown().map(({ payment }) => payment.paymentId)).toEqual(['f'])
  })

  it('agrees with grouping all decisions by payment', () => {
    const arrivals = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 'y')), {
      maxLength: 30,
    })
    fc.assert(
      fc.property(arrivals, (received) => {
        const tally = tallyOf('a', 'b', 'c')
        for (const [paymentId, text] of received) tally.received(aDecision({ paymentId }), bytes(text), 104)
        const groups = ['a', 'b', 'c'].map((id) =>
          received.flatMap(([of, text]) => (of === id ? [text] : [])),
        )
        const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
        expect(tally.snapshot()).toMatchObject({
          decided: groups.filter(({ length }) => length > 0).length,
          conflicting: groups.filter((texts) => new Set(texts).size > 1).length,
          duplicates: sum(groups.map(([first, ...others]) => others.filter((text) => text === first).length)),
          unexpected: received.filter(([id]) => id === 'd').length,
        })
      }),
    )
  })
})
