import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Received } from '../../../src/domain/received.ts'
import { declareCovered } from '../../../src/features/coverage.redis.ts'
import { foldingDefaults } from '../../../src/features/folding.redis.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import { outcomeRecordBytes, paymentRecordBytes } from '../../../src/features/record.ts'
import { aReceived } from '../../support/payments.ts'
import { connect, keys, openHistories, type OpenedHistories } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

/** As docs/velocity.md states them: what a fold leaves, and what a log may have in the end. */
const leftBytes = 92 * 1_024
const boundBytes = 320 * 1_024

const burst = 100_000
const batchSize = 64
const began = Date.UTC(2026, 0, 1)
const bytesAPayment = paymentRecordBytes + outcomeRecordBytes

let servers: Servers
let redis: Redis
beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  redis = await connect(servers.redisUrl)
})
beforeEach(async () => {
  await redis.flushall()
  await declareCovered(redis, 0)
})
afterAll(async () => {
  redis.disconnect()
  await servers.close()
})

const clock = (n: number): number => began + n * 20

/** One card, tried at many merchants from many accounts, devices and addresses. */
const tried = (n: number): Received =>
  aReceived(
    {
      paymentId: `p${n}`,
      occurredAt: clock(n),
      amountMinor: 100 + ((n * 7_919) % 900),
      accountId: `acc-${n % 1_000}`,
      cardToken: 'card-hot',
      merchantId: `m-${n % 700}`,
      deviceId: `d-${n % 300}`,
      ipAddress: `10.0.${(n >>> 8) & 255}.${n & 255}`,
      payeeId: `payee-${n % 500}`,
    },
    n,
  )

const plan = compileFeatures(['card.count.24h', 'card.sum.24h'], { retentionMs: defaultRetentionMs })
const featuresOf = (recalled: Recalled | undefined): readonly number[] => {
  if (recalled === undefined) throw new Error('nothing was recalled')
  const row = new Float64Array(2)
  expect(plan.compute(recalled, row)).toEqual([])
  return [...row]
}

type Watched = {
  readonly folds: number
  readonly most: number
  readonly mostBeyond: number
}

/** Pays, and looks after each batch how long the log is, beside what has come since the fold before the last one. */
const payAll = async (histories: OpenedHistories): Promise<Watched> => {
  const { key } = keys.entity(1, 'card-hot')
  const folds = (): number => histories.events.get('logs_folded') ?? 0
  /** Payments that had come when the last fold was seen, and the one before it. */
  let [lastFold, foldBefore, seen, most, mostBeyond] = [0, 0, 0, 0, -Infinity]
  for (let n = 0; n < burst; n += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, burst - n) }, (_, i) => tried(n + i))
    await histories.remember(batch)
    await histories.conclude(batch.map((received) => ({ received, outcome: 'ALLOW' })))
    if (folds() > seen) {
      seen = folds()
      foldBefore = lastFold
      lastFold = n
    }
    const length = await redis.strlen(key)
    most = Math.max(most, length)
    mostBeyond = Math.max(mostBeyond, length - (n + batchSize - foldBefore) * bytesAPayment)
  }
  return { folds: folds(), most, mostBeyond }
}

/** Somebody pays until the log has been folded once more: who pays offers it. Gives what the last payment saw. */
const payUntilFolded = async (histories: OpenedHistories): Promise<Recalled | undefined> => {
  const { key } = keys.entity(1, 'card-hot')
  for (let n = burst; ; n++) {
    const [recalled] = await histories.remember([tried(n)])
    if ((await redis.strlen(key)) < leftBytes) return recalled
  }
}

test('a burst of 100,000 payments on one card leaves a log under B, and never one that grows', async () => {
  let now = began
  const histories = openHistories(redis, {
    folding: { ...foldingDefaults, retentionMs: defaultRetentionMs },
    outcomesWait: true,
    now: () => now,
    copyMaxAgeMs: Infinity,
  })
  now = clock(burst)
  const watched = await payAll(histories)
  // 352 payments come between two folds; on a busy machine a few more.
  expect(watched.folds).toBeGreaterThan(100)
  expect(watched.mostBeyond).toBeLessThan(leftBytes)
  expect(watched.most).toBeLessThan(boundBytes)
  const [count = NaN, sum = NaN] = featuresOf(await payUntilFolded(histories))
  // Few came since, and every amount is 100 to 999.
  expect(count / burst).toBeGreaterThan(0.95)
  expect(count / burst).toBeLessThan(1.06)
  expect(sum / count).toBeGreaterThan(500)
  expect(sum / count).toBeLessThan(600)
  await histories.close()
}, 240_000)
