import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type OutcomeCode } from '../../../../src/features/record.ts'
import { began, day, featuresOf, growing, options, whole, type Paid } from '../../../support/foldedLogs.ts'

const step = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 60_000 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3_600_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * day }) },
)
const amount = fc.oneof(fc.integer({ min: 1, max: 10_000 }), fc.integer({ min: 1, max: 100_000_000 }))
const told = fc.constantFrom<OutcomeCode>('ALLOW', 'ALLOW', 'ALLOW', 'BLOCK', 'STEP_UP', 'DECLINED')
const paid = fc.record({ step, amount, device: fc.integer({ min: 1, max: 12 }), outcome: told })
const history = fc.array(paid, { minLength: 1, maxLength: 300, size: 'max' })

const timed = (steps: readonly (Omit<Paid, 'at'> & { readonly step: number })[]): readonly Paid[] => {
  let at = began
  return steps.map(({ step: passed, ...rest }) => ({ ...rest, at: (at += passed) }))
}

test('windows over a folded log are within the share, and what is known exactly is exact', () => {
  const everyBytes = fc.integer({ min: 1_500, max: 12_000 })
  fc.assert(
    fc.property(history, everyBytes, step, fc.integer({ min: 1, max: 13 }), (steps, every, later, device) => {
      const payments = timed(steps)
      const at = (payments.at(-1)?.at ?? began) + later
      const exact = featuresOf(whole(payments), at, device)
      const folded = featuresOf(growing(payments, every), at, device)
      for (const [name, value] of exact) {
        const found = folded.get(name) ?? NaN
        if (/^account\.(count|sum|accepted_count|blocked_count)\./.test(name))
          expect(Math.abs(found - value), name).toBeLessThanOrEqual(options.share * Math.abs(value) + 1e-6)
        else if (name.includes('.mean.'))
          expect(Math.abs(found - value), name).toBeLessThanOrEqual(
            (options.share / (1 - options.share)) * Math.abs(value) + 1e-6,
          )
        else if (name === 'account.since_last' || name.startsWith('account_device.')) {
          if (!Number.isNaN(found)) expect(found, name).toBe(value)
        }
      }
    }),
    { numRuns: 150, endOnFailure: true },
  )
})
