import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { featureNames, windowsMs, type Contestant } from '../../../bench/velocity/contestant.ts'
import { contestantNames, openContestant, type ContestantName } from '../../../bench/velocity/contestants.ts'
import { inLists, nextOf, pastOf, startAt } from '../../../bench/velocity/workload.ts'
import type { Received } from '../../../src/domain/received.ts'
import { aReceived } from '../../support/payments.ts'
import { connect } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

let servers: Servers
const connections: Redis[] = []
beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  for (const [db] of contestantNames.entries()) connections.push(await connect(`${servers.redisUrl}/${db}`))
})
beforeEach(async () => {
  await connections[0]?.flushall()
})
afterAll(async () => {
  for (const redis of connections) redis.disconnect()
  await servers.close()
})

type Contestants = ReadonlyMap<ContestantName, Contestant>

const openAll = async (asOf: number): Promise<Contestants> => {
  const opened = new Map<ContestantName, Contestant>()
  for (const [db, name] of contestantNames.entries()) {
    const redis = connections[db]
    if (redis === undefined) throw new RangeError('no connection')
    opened.set(name, await openContestant[name](redis, { copiesMaxBytes: 2 ** 20, asOf }))
  }
  return opened
}

const answersOf = async (
  contestants: Contestants,
  batch: readonly Received[],
): Promise<Readonly<Record<ContestantName, readonly (readonly number[])[]>>> => {
  const answer = async (name: ContestantName) =>
    ((await contestants.get(name)?.process(batch)) ?? []).map((row) => [...row])
  return {
    ours: await answer('ours'),
    sortedSets: await answer('sortedSets'),
    hashBuckets: await answer('hashBuckets'),
  }
}

const closeAll = async (contestants: Contestants): Promise<void> => {
  for (const contestant of contestants.values()) await contestant.close()
}

/** What the features say, by filtering a list. */
const expected = (self: Received, before: readonly Received[]): readonly number[] => {
  const tokens = (received: Received) => {
    const { accountId, cardToken, deviceId, ipAddress, merchantId } = received.payment
    return [accountId, cardToken, deviceId, ipAddress, merchantId]
  }
  return tokens(self).flatMap((token, entity) =>
    windowsMs.flatMap((windowMs) => {
      const inWindow = [...before, self].filter(
        (each) =>
          tokens(each)[entity] === token &&
          each.effectiveAt > self.effectiveAt - windowMs &&
          each.effectiveAt <= self.effectiveAt,
      )
      return [inWindow.length, inWindow.reduce((sum, { payment }) => sum + payment.amountMinor, 0)]
    }),
  )
}

const dayMs = 86_400_000
/** At the last millisecond of a day every window ends where its buckets end: nobody has to be inexact. */
const endOfDay = Date.UTC(2026, 0, 31) - 1

const paid = (number: number, at: number): Received =>
  aReceived(
    {
      paymentId: `p${number}`,
      occurredAt: at,
      amountMinor: 100 + ((number * 37) % 900),
      accountId: `a${number % 2}`,
      cardToken: `c${number % 3}`,
      deviceId: `d${number % 2}`,
      ipAddress: `192.0.2.${number % 5}`,
      merchantId: 'm',
    },
    number,
  )

/** Steps that reach into each of the windows, and beyond the longest. */
const agesMs = [
  40 * dayMs,
  30 * dayMs,
  30 * dayMs - 1,
  20 * dayMs,
  7 * dayMs,
  7 * dayMs - 1,
  3 * dayMs,
  dayMs,
  dayMs - 1,
  5_000_000,
  3_600_000,
  3_599_999,
  2_000_000,
  600_000,
  599_999,
  60_000,
  1_000,
  0,
]
const past = agesMs.flatMap((age, i) => [0, 1, 2].map((j) => paid(i * 3 + j, endOfDay - age)))
const batch = Array.from({ length: 8 }, (_, i) => paid(1_000 + i, endOfDay))

describe('the contestants', () => {
  test('give the same counts and sums: those of a list that is filtered', async () => {
    const contestants = await openAll(endOfDay)
    for (const some of inLists(past, 7))
      for (const contestant of contestants.values()) await contestant.prefill(some)
    const right = batch.map((self, i) => expected(self, [...past, ...batch.slice(0, i)]))
    expect(right[0]).toHaveLength(featureNames.length)
    expect(await answersOf(contestants, batch)).toEqual({
      ours: right,
      sortedSets: right,
      hashBuckets: right,
    })
    await closeAll(contestants)
  })

  test('do so as well when nothing was prefilled and batches come one after the other', async () => {
    const contestants = await openAll(endOfDay)
    const seen: Received[] = []
    for (const some of inLists(past, 5)) {
      const { ours, sortedSets } = await answersOf(contestants, some)
      expect(ours).toEqual(some.map((self, i) => expected(self, [...seen, ...some.slice(0, i)])))
      expect(sortedSets).toEqual(ours)
      seen.push(...some)
    }
    const { ours, hashBuckets } = await answersOf(contestants, batch)
    expect(hashBuckets).toEqual(ours)
    await closeAll(contestants)
  })

  test('do not count for a late payment what happened after it', async () => {
    const contestants = await openAll(endOfDay)
    const newer = paid(0, endOfDay)
    const late = paid(6, endOfDay - 1_000)
    const last = paid(12, endOfDay + 1_000)
    const { ours, sortedSets } = await answersOf(contestants, [newer, late, last])
    expect(ours).toEqual([expected(newer, []), expected(late, [newer]), expected(last, [newer, late])])
    expect(sortedSets).toEqual(ours)
    const later = [paid(18, endOfDay - 500), paid(24, endOfDay + 2_000)]
    const seen = [newer, late, last]
    const next = await answersOf(contestants, later)
    expect(next.ours).toEqual(later.map((self, i) => expected(self, [...seen, ...later.slice(0, i)])))
    expect(next.sortedSets).toEqual(next.ours)
    await closeAll(contestants)
  })

  test('ours folds a long past while it is filled in, and stays within 5 %', async () => {
    const shape = { payers: 2, records: 1_500 }
    const contestants = await openAll(startAt)
    for (const some of inLists(pastOf(shape), 1_000))
      for (const contestant of contestants.values()) await contestant.prefill(some)
    const [redis] = connections
    if (redis === undefined) throw new RangeError('no connection')
    const keys = await redis.keys('*:[acdim]:*')
    const lengths = await Promise.all(keys.map((key) => redis.strlen(key)))
    expect(lengths).toHaveLength(10)
    // At most what is folded, and what comes until the next fold.
    expect(Math.max(...lengths)).toBeLessThan(800 * 72)
    const next = Array.from({ length: 6 }, (_, i) => nextOf(shape, i))
    const { ours, sortedSets } = await answersOf(contestants, next)
    ours.forEach((row, i) =>
      row.forEach((value, j) => {
        const exact = sortedSets[i]?.[j] ?? NaN
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(0.05 * exact)
      }),
    )
    await closeAll(contestants)
  })

  test('agree on the payments of the bench, but for what buckets cut off', async () => {
    const shape = { payers: 2, records: 50 }
    const contestants = await openAll(startAt)
    for (const some of inLists(pastOf(shape), 30))
      for (const contestant of contestants.values()) await contestant.prefill(some)
    const next = Array.from({ length: 6 }, (_, i) => nextOf(shape, i))
    const { ours, sortedSets, hashBuckets } = await answersOf(contestants, next)
    expect(sortedSets).toEqual(ours)
    // A record every 14.4 hours: no bucket of a minute, an hour or a day that is cut off holds more than two.
    ours.forEach((row, i) =>
      row.forEach((value, j) => {
        if (j % 2 === 0) expect(Math.abs(value - (hashBuckets[i]?.[j] ?? NaN))).toBeLessThanOrEqual(2)
      }),
    )
    expect(Math.max(...(ours[0] ?? []).filter((_, j) => j % 2 === 0))).toBe(51)
    await closeAll(contestants)
  })
})
