import { describe, expect, test } from 'vitest'
import { foldingDefaults } from '../../../../src/features/folding.redis.ts'
import { createHasher } from '../../../../src/features/hashing.ts'
import { createKeys } from '../../../../src/features/keys.ts'
import { defaultRetentionMs } from '../../../../src/features/plan.ts'
import { outcomeRecordBytes, paymentRecordBytes } from '../../../../src/features/record.ts'
import { measureCost, type CostReport } from '../../../../src/offline/cost/cost.ts'
import { createMemoryCostStore } from '../../../../src/offline/cost/memoryStore.ts'
import { recordsSource, simulatedSource, type CostSource } from '../../../../src/offline/cost/sources.ts'

const folding = { ...foldingDefaults, retentionMs: defaultRetentionMs }
const names = ['account.count.1h', 'account.sum.24h', 'card.count.10m', 'payment.hour']
const bytesAPayment = paymentRecordBytes + outcomeRecordBytes

/** A clock on which each look takes a millisecond longer: what is between two looks takes one. */
const tickingClock = (): (() => number) => {
  let at = 0
  return () => at++
}

const costOf = (source: CostSource, features = names, rounds = 3, measured = 128): Promise<CostReport> =>
  measureCost(features, {
    store: createMemoryCostStore(createKeys(createHasher(Buffer.alloc(16, 3))), (amount) => amount, folding),
    source,
    settings: { retentionMs: defaultRetentionMs },
    measured,
    rounds,
    now: tickingClock(),
    onPayments: () => undefined,
  })

describe('what a set of features costs', () => {
  test('has each feature, each measure, and the entities whose histories are read', async () => {
    const report = await costOf(recordsSource(20, 128))
    expect(report.features.map(({ name }) => name)).toEqual(names)
    expect(report.measures.map(({ measure, features }) => [measure, features])).toEqual([
      ['count', 2],
      ['sum', 1],
      ['payment', 1],
    ])
    expect(report.entities.map(({ entity }) => entity)).toEqual(['account', 'card'])
    expect(report).toMatchObject({
      payments: 128,
      rounds: 3,
      source: { kind: 'records', records: 20, payers: 64 },
    })
  })

  test('is told in microseconds a payment: here every set takes a millisecond a batch', async () => {
    const report = await costOf(recordsSource(20, 128))
    const millisecondABatch = 1_000 / 64
    expect(report.setMicros).toBe(millisecondABatch)
    expect(report.rememberMicros).toBe(millisecondABatch)
    for (const { aloneMicros, addedMicros } of report.features)
      expect([aloneMicros, addedMicros]).toEqual([millisecondABatch, 0])
  })

  test('counts the bytes of every record with its outcome, up to where logs are folded', async () => {
    const { entities } = await costOf(recordsSource(100, 64), names, 1, 64)
    expect(entities[0]).toMatchObject({ entities: 64, logBytes: 101 * bytesAPayment, redisBytes: null })
  })

  test('is flat where logs are folded', async () => {
    const long = await costOf(recordsSource(3_000, 64, 4), names, 1, 64)
    expect(long.source).toMatchObject({ payers: 4 })
    expect(long.entities[0]?.mostLogBytes).toBeLessThan(512 * bytesAPayment + 16_000)
    expect(long.entities[0]?.logBytes).toBeGreaterThan(160 * bytesAPayment)
  })

  test('knows simulated people, who have other entities each', async () => {
    const report = await costOf(simulatedSource(20, 20), ['account.login_failed.24h', 'ip.count.1h'])
    expect(report.entities.map(({ entity }) => entity)).toEqual(['account', 'ip'])
    expect(report.entities[0]?.entities).toBeLessThanOrEqual(60)
    expect(report.entities[1]?.entities).toBeGreaterThan(20)
  })

  test('refuses a wrong name', async () => {
    await expect(costOf(recordsSource(20, 64), ['acount.count.1h'])).rejects.toMatchObject({
      code: 'FEATURE_UNKNOWN',
    })
  })
})

test('so many payments that few payers are enough', () => {
  expect(recordsSource(1_000_000, 1).of).toEqual({ kind: 'records', records: 1_000_000, payers: 1 })
  expect(recordsSource(10, 1).of).toEqual({ kind: 'records', records: 10, payers: 64 })
})
