import { describe, expect, it } from 'vitest'
import { createToBase } from '../../../src/features/baseCurrency.ts'
import { createHasher } from '../../../src/features/hashing.ts'
import { createMemoryHistories } from '../../../src/features/histories.memory.ts'
import { createKeys } from '../../../src/features/keys.ts'
import { compileLean } from '../../../src/features/leanPlan.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import { aReceived } from '../../support/payments.ts'

const settings = { retentionMs: 40 * 86_400_000 }
const names = ['account.count.1h', 'payment.amount', 'device.count.24h', 'account.mean.7d']

const recalled = async () => {
  const histories = createMemoryHistories({
    keys: createKeys(createHasher(Buffer.alloc(16, 7))),
    toBase: createToBase({ currency: 'EUR', rates: [] }),
    deviceState: () => null,
  })
  const all = await histories.remember([
    aReceived({ paymentId: 'p1' }),
    aReceived({ paymentId: 'p2', amountMinor: 700 }, 1),
  ])
  return all.at(-1)!
}

describe('a plan that leaves out what is not needed', () => {
  it('computes the others at their places, and leaves NaN, never 0', async () => {
    const payment = await recalled()
    const [whole, lean] = [new Float64Array(4), new Float64Array(4)]
    compileFeatures(names, settings).compute(payment, whole)
    compileLean(names, new Set(['payment.amount', 'account.mean.7d']), settings)?.compute(payment, lean)
    expect([...lean]).toEqual([NaN, whole[1], NaN, whole[3]])
    expect([...whole].some(Number.isNaN)).toBe(false)
  })

  it('is none where everything is needed', () => {
    expect(compileLean(names, new Set(names), settings)).toBeNull()
  })
})
