import { describe, expect, test } from 'vitest'
import type { Intelligence, Listing } from '../../../src/domain/intelligence.ts'
import type { Payment } from '../../../src/domain/payment.ts'
import { lagBit, nothingLags } from '../../../src/features/degraded.ts'
import { nothingListed } from '../../../src/features/intelFeatures.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { aPayment } from '../../support/payments.ts'

const names = ['intel.payee', 'intel.payee.confidence', 'intel.payee.age', 'intel.email']
const effectiveAt = 1_000_000
const listing: Listing = {
  id: 'indicator--1',
  source: 'x',
  confidence: 70,
  modifiedAt: 940_000,
  tlp: 'GREEN',
}
const lists = (found: Listing): Intelligence => ({ find: (subject) => (subject === 'payee' ? found : null) })

const computed = (intelligence: Intelligence | null, over: Partial<Payment> = {}, lagging = nothingLags) => {
  const recalled: Recalled = {
    received: {
      payment: aPayment({ payeeId: 'p', emailHash: 'e', ...over }),
      source: { topic: 'payments', partition: 0, offset: 0, timestamp: effectiveAt, headers: {} },
      effectiveAt,
      contentHash: '',
      enteredAt: 0,
    },
    hashes: { ids: [], content: 0 } as unknown as Recalled['hashes'],
    amountBase: 1,
    views: [],
    coveredSince: [],
    device: null,
  }
  const row = new Float64Array(names.length)
  const degraded = compileFeatures(names, { retentionMs: 86_400_000, intelligence }).compute(
    recalled,
    row,
    lagging,
  )
  return { row: [...row], degraded }
}

describe('features of intelligence', () => {
  test('say what is listed, how sure that is and how old', () => {
    expect(computed(lists(listing))).toEqual({ row: [1, 70, 60, 0], degraded: [] })
  })
  test('a confidence that is not stated is not known', () => {
    expect(computed(lists({ ...listing, confidence: NaN })).row).toEqual([1, NaN, 60, 0])
  })
  test('nothing listed is 0, with nothing to say of it', () => {
    expect(computed(nothingListed)).toEqual({ row: [0, NaN, NaN, 0], degraded: [] })
  })
  test('what the payment does not name is not known, and nothing is missing', () => {
    expect(computed(nothingListed, { payeeId: null, emailHash: null })).toEqual({
      row: [NaN, NaN, NaN, NaN],
      degraded: [],
    })
  })
  test('without intelligence nothing is known, and that is told', () => {
    expect(computed(null)).toEqual({ row: [NaN, NaN, NaN, NaN], degraded: ['threat-intel'] })
  })
  test('while it lags, what is listed stays so and the rest is not known', () => {
    const lagging = lagBit('threat-intel')
    expect(computed(lists(listing), {}, lagging)).toEqual({
      row: [1, NaN, NaN, NaN],
      degraded: ['threat-intel'],
    })
    expect(computed(nothingListed, {}, lagging).row).toEqual([NaN, NaN, NaN, NaN])
  })
})
