import { expect, test } from 'vitest'
import type { Received } from '../../../src/domain/received.ts'
import { createFoldLog, type FoldingOptions } from '../../../src/features/folding.redis.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import { recordsIn } from '../../../src/features/rawRecords.ts'
import { recordKinds } from '../../../src/features/record.ts'
import { rebuildKey } from '../../../src/features/keys.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { aReceived } from '../../support/payments.ts'
import { keys, openHistories, until } from '../../support/redisStores.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'

const options: FoldingOptions = {
  keep: 8,
  foldAbove: 24,
  share: 0.05,
  retentionMs: 40 * 86_400_000,
  lastSeenPerSlot: 16,
  notesPerKind: 8,
}
const began = Date.UTC(2026, 0, 1)
const account = keys.entity(0, 'acc-1')

const server = useOwnRedis(0)

const payment = (n: number): Received => {
  // Nothing becomes of these payments: only older ones are folded.
  const at = began + n * 3_700_000
  const received = aReceived({ paymentId: `p${n}`, occurredAt: at, amountMinor: 100 }, n)
  return { ...received, effectiveAt: at }
}
const plan = compileFeatures(['account.count.39d', 'account.sum.39d'], { retentionMs: options.retentionMs })
const featuresOf = (recalled: Recalled | undefined): readonly number[] => {
  if (recalled === undefined) throw new Error('nothing was recalled')
  const row = new Float64Array(2)
  expect(plan.compute(recalled, row)).toEqual([])
  return [...row]
}
const generation = async (): Promise<number> =>
  (await server.redis.getBuffer(account.key))?.readUInt32LE(4) ?? 0
const isFolded = async (): Promise<boolean> =>
  recordsIn((await server.redis.getBuffer(account.key)) ?? Buffer.alloc(0))[0]?.kind === recordKinds.header

test('a long history is folded, and its windows stay as they were, for whoever holds it', async () => {
  const folding = openHistories(server.redis, { folding: options })
  const other = openHistories(server.redis)
  for (let n = 0; n < 20; n++) await folding.remember([payment(n)])
  await other.remember([payment(20)])
  for (let n = 21; n < 300; n++) await folding.remember([payment(n)])
  await until(isFolded)
  await folding.close()
  const [own] = await folding.remember([payment(300)])
  const [others] = await other.remember([payment(301)])
  for (const [recalled, count] of [
    [own, 301],
    [others, 302],
  ] as const) {
    const [found = NaN, sum = NaN] = featuresOf(recalled)
    expect(Math.abs(found - count)).toBeLessThanOrEqual(options.share * count)
    expect(sum).toBe(found * 100)
  }
  expect(folding.events.get('logs_folded')).toBeGreaterThan(0)
  expect(await server.redis.strlen(account.key)).toBeLessThan(300 * 72)
})

test('who has folded a log knows it, and need not read it again', async () => {
  const foldAbove = 59
  const folding = openHistories(server.redis, { folding: { ...options, foldAbove } })
  const reads = (): number =>
    ['logs_read_whole', 'logs_read_beyond', 'logs_read_again'].reduce(
      (sum, event) => sum + (folding.events.get(event as 'logs_read_whole') ?? 0),
      0,
    )
  let entities = 0
  for (let n = 0; n <= foldAbove; n++) {
    const [recalled] = await folding.remember([payment(n)])
    entities = recalled?.views.filter((view) => view !== null).length ?? 0
  }
  await until(() => (folding.events.get('logs_folded') ?? 0) >= entities)
  const before = reads()
  const [recalled] = await folding.remember([payment(foldAbove + 1)])
  expect(reads()).toBe(before)
  expect(Math.abs((featuresOf(recalled)[0] ?? NaN) - (foldAbove + 2))).toBeLessThanOrEqual(
    options.share * (foldAbove + 2),
  )
  await folding.close()
})

test('what is appended while a log is folded is neither lost nor counted twice', async () => {
  const instance = openHistories(server.redis)
  const foldLog = createFoldLog(server.redis, options)
  let last: Recalled | undefined
  for (let n = 0; n < 200; n += 4) {
    const batch = [payment(n), payment(n + 1), payment(n + 2), payment(n + 3)]
    const [recalled] = await Promise.all([
      instance.remember(batch),
      foldLog(account.key),
      foldLog(account.key),
    ])
    last = recalled.at(-1)
  }
  expect(await generation()).toBeGreaterThan(5)
  const [count = NaN] = featuresOf(last)
  expect(Math.abs(count - 200)).toBeLessThanOrEqual(options.share * 200)
})

test('two who fold the same log do it once', async () => {
  const instance = openHistories(server.redis)
  for (let n = 0; n < 60; n++) await instance.remember([payment(n)])
  const done = await Promise.all([
    createFoldLog(server.redis, options)(account.key),
    createFoldLog(server.redis, options)(account.key),
  ])
  expect(done.filter((swapped) => swapped !== null)).toHaveLength(1)
  expect(await generation()).toBe(1)
})

test('no log is folded while a rebuild puts others into their places', async () => {
  const instance = openHistories(server.redis)
  for (let n = 0; n < 60; n++) await instance.remember([payment(n)])
  await server.redis.set(rebuildKey(account.shard), 'somebody merging')
  expect(await createFoldLog(server.redis, options)(account.key)).toBeNull()
  await server.redis.set(rebuildKey(account.shard), 'somebody reading')
  expect(await createFoldLog(server.redis, options)(account.key)).not.toBeNull()
})

test('a fold keeps the expiry', async () => {
  const instance = openHistories(server.redis, { expiryMs: 1_000_000 })
  for (let n = 0; n < 60; n++) await instance.remember([payment(n)])
  await createFoldLog(server.redis, options)(account.key)
  const left = await server.redis.pttl(account.key)
  expect(left).toBeGreaterThan(900_000)
  expect(left).toBeLessThanOrEqual(1_000_000)
})

test('a copy of a folded log that was folded again is read anew, whatever its length', async () => {
  const holder = openHistories(server.redis)
  const writer = openHistories(server.redis)
  for (let n = 0; n < 60; n++) await writer.remember([payment(n)])
  await createFoldLog(server.redis, options)(account.key)
  await holder.remember([payment(60)])
  const held = await server.redis.getBuffer(account.key)
  // The same length with another generation: only the generation tells them apart.
  if (held === null) throw new Error('the log is gone')
  held.writeUInt32LE(9, 4)
  await server.redis.set(account.key, held)
  await holder.remember([payment(61)])
  expect(holder.events.get('logs_read_beyond')).toBeGreaterThan(0)
})
