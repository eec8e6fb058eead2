import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeedbackMac } from '../../../src/compose/feedbackMac.ts'
import { aFeedback } from '../../support/happenings.ts'

describe('feedbackMac', () => {
  it("is Node's own HMAC, for any key and id", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.string(),
        fc.option(fc.string()),
        fc.integer({ min: 1, max: 255 }),
        (key, paymentId, payeeId, attempt) => {
          const { accountId, cardToken, merchantId, deviceId, ipAddress } = aFeedback()
          const message = JSON.stringify([
            paymentId,
            attempt,
            'STEP_UP',
            accountId,
            cardToken,
            payeeId,
            merchantId,
            deviceId,
            ipAddress,
          ])
          const expected = createHmac('sha256', key).update(message).digest('hex')
          const mac = createFeedbackMac(Buffer.from(key))
          expect(mac(aFeedback({ paymentId, attempt, payeeId }), 'STEP_UP')).toBe(expected.slice(0, 32))
        },
      ),
    )
  })
})
