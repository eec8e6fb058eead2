import { describe, expect, it } from 'vitest'
import { deviceNotices, verifyPayee } from '../../../src/decision/noticeCatalogue.ts'
import { noticesOfPayment } from '../../../src/decision/noticesOfPayment.ts'
import { reasonCatalogue } from '../../../src/decision/reasonCatalogue.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import { aPayment } from '../../support/payments.ts'
import { aDecision } from '../../support/simulated.ts'

const hourMs = 3_600_000
const payment = aPayment({ accountId: 'acc-1', deviceId: 'dev-1', payeeId: 'payee-1' })
const told = (over: Partial<Decision>) =>
  noticesOfPayment(payment, { ...aDecision(), paymentId: 'p', attempt: 2, decidedAt: 5, ...over })
const because = (...codes: readonly string[]) => codes.map((code) => ({ code, contribution: null }))

describe('what a payer is told of his payment', () => {
  it('nothing, when it was allowed', () => {
    expect(told({ outcome: 'ALLOW', notices: [deviceNotices.FIREWALL] })).toEqual([])
  })

  it('that it waits, why, and until when', () => {
    const [own, firewall, ...others] = told({
      outcome: 'STEP_UP',
      reasons: because('NEW_DEVICE'),
      notices: [deviceNotices.FIREWALL],
      validUntil: 99,
    })
    expect(others).toEqual([])
    expect(own).toMatchObject({
      code: 'CONFIRM_PAYMENT',
      moment: 'DURING',
      audience: 'PAYER',
      dueAt: 99,
      reasonEn: reasonCatalogue['NEW_DEVICE']?.payerEn,
      reasonZh: reasonCatalogue['NEW_DEVICE']?.payerZh,
      recipient: 'acc-1',
      subject: 'p.2',
      cause: 'p.2',
    })
    expect(firewall).toMatchObject({
      code: 'TURN_FIREWALL_ON',
      audience: 'DEVICE_OWNER',
      dueAt: 99,
      subject: 'dev-1',
      recipient: 'acc-1',
    })
  })

  it('that it was blocked, and what to do by when', () => {
    expect(
      told({ outcome: 'BLOCK', reasons: because('LATE', 'NEW_PAYEE'), notices: [verifyPayee] }),
    ).toMatchObject([
      {
        code: 'PAYMENT_BLOCKED',
        moment: 'AFTER',
        reasonEn: reasonCatalogue['NEW_PAYEE']?.payerEn,
        subject: 'p.2',
        createdAt: 5,
      },
      { code: 'VERIFY_PAYEE', moment: 'AFTER', subject: 'payee-1', dueAt: 5 + 24 * hourMs },
    ])
  })

  it('has words of its own where the reasons say nothing more, or are not known', () => {
    const [blocked] = told({ outcome: 'BLOCK', reasons: because('MODEL_SCORE', 'OF_ANOTHER_VERSION') })
    expect(blocked?.reasonEn).toBe('This payment was stopped to protect your money.')
  })
})
