import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FeedbackKind, RiskFeedback } from '../../../../src/domain/feedback.ts'
import { createLabelsAsOf, labelAt } from '../../../../src/offline/dataset/knownLabels.ts'

const feedback = (paymentId: string, kind: FeedbackKind, knownAt: number): RiskFeedback => ({
  feedbackId: `${paymentId} ${kind} ${knownAt}`,
  paymentId,
  attempt: 1,
  occurredAt: 0,
  knownAt,
  kind,
  source: 'test',
  feedbackMac: null,
  accountId: 'a',
  cardToken: null,
  payeeId: null,
  merchantId: null,
  deviceId: null,
  ipAddress: null,
})

const knownBy = (asOf: number, all: readonly RiskFeedback[]) => {
  const labels = createLabelsAsOf(asOf)
  for (const each of all) labels.add(each)
  return labels.known
}

describe('what is known at a time', () => {
  it('is the last that was said by then', () => {
    const said = [
      feedback('p', 'FALSE_POSITIVE', 20),
      feedback('p', 'CHARGEBACK', 10),
      feedback('p', 'DECLINED', 15),
    ]
    expect(knownBy(9, said).get('p')).toBeUndefined()
    expect(knownBy(10, said).get('p')).toEqual({ fraud: true, knownAt: 10 })
    expect(knownBy(20, said).get('p')).toEqual({ fraud: false, knownAt: 20 })
  })

  it('is genuine after a silence, and nothing before that', () => {
    const payment = { paymentId: 'p', occurredAt: 100 }
    expect(labelAt(new Map(), { asOf: 106, labelDelayMs: 7 }, payment)).toBe(null)
    expect(labelAt(new Map(), { asOf: 107, labelDelayMs: 7 }, payment)).toEqual({
      fraud: false,
      knownAt: 107,
    })
  })

  it('does not change by what is said later', () => {
    const one = fc
      .tuple(
        fc.constantFrom('p', 'q'),
        fc.constantFrom<FeedbackKind>('FRAUD_CONFIRMED', 'FALSE_POSITIVE', 'CHARGEBACK', 'STEP_UP_FAILED'),
        fc.integer({ min: 0, max: 20 }),
      )
      .map((given) => feedback(...given))
    fc.assert(
      fc.property(fc.array(one), fc.integer({ min: 0, max: 20 }), (all, asOf) => {
        const inTime = all.filter(({ knownAt }) => knownAt <= asOf)
        expect([...knownBy(asOf, all)]).toEqual([...knownBy(asOf, inTime)])
      }),
    )
  })
})
