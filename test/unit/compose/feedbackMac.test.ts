import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeedbackMac } from '../../../src/compose/feedbackMac.ts'

describe('feedbackMac', () => {
  it("is Node's own HMAC, for any key and id", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 64 }),
        fc.string(),
        fc.integer({ min: 1, max: 255 }),
        (key, paymentId, attempt) => {
          const expected = createHmac('sha256', key).update(`${paymentId} ${attempt} STEP_UP`).digest('hex')
          const mac = createFeedbackMac(Buffer.from(key))
          expect(mac(paymentId, attempt, 'STEP_UP')).toBe(expected.slice(0, 32))
        },
      ),
    )
  })
})
