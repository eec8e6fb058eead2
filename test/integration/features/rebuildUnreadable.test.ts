import { beforeEach, expect, test } from 'vitest'
import { createHistory } from '../../../src/features/history.ts'
import { rebuiltKey, shardCount } from '../../../src/features/keys.ts'
import { createClaims } from '../../../src/offline/rebuild/claims.redis.ts'
import type { ReadRanges } from '../../../src/offline/rebuild/rebuiltLog.ts'
import { findUnreadable, takePlaces } from '../../../src/offline/rebuild/takePlace.redis.ts'
import { began, payment } from '../../support/foldedLogs.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'
import { keys } from '../../support/redisStores.ts'

const server = useOwnRedis(0)
const run = 'a run'
const key = keys.entity(0, 'account').key
const paid = (id: number): Buffer =>
  Buffer.from(payment(id, { at: began + id, amount: 1, device: 1, outcome: 'ALLOW' }))
/** Payments of partition 3 up to the one with id 2 were read from the topic. */
const ranges: ReadRanges = {
  payments: new Map([[3, { from: 0, until: 3 }]]),
  feedback: new Map(),
  accountEvents: new Map(),
}
const node = () => ({
  redis: server.redis,
  shards: Array.from({ length: shardCount }, (_, shard) => shard),
})

beforeEach(async () => {
  await server.redis.flushdb()
  await createClaims([node()], run).take(1)
  const unreadable = paid(1)
  unreadable[0] = (1 << 4) | 9
  await server.redis.set(key, Buffer.concat([paid(0), unreadable]))
  await server.redis.set(rebuiltKey(key), Buffer.concat([paid(0), paid(1), paid(2)]))
})

test('a history that cannot be read stays as it is, and the run says which it was', async () => {
  const live = await server.redis.getBuffer(key)
  const taking = takePlaces(node(), {
    run,
    expiryMs: 60_000,
    ranges,
    unreadable: null,
    onTaken: () => undefined,
  })
  await expect(taking).rejects.toMatchObject({
    code: 'HISTORY_FORMAT_UNKNOWN',
    message: expect.stringContaining(key) as string,
  })
  expect(await server.redis.getBuffer(key)).toEqual(live)
})

test('where it is given up, what was read takes its place, and what came since stays behind it', async () => {
  const unreadable = new Map<string, number>()
  await findUnreadable(node(), (place, length) => unreadable.set(place, length))
  expect([...unreadable.keys()]).toEqual([key])
  // Of these the first one was read as well.
  await server.redis.append(key, Buffer.concat([paid(2), paid(3)]))
  const taken: (readonly [logs: number, replaced: number])[] = []
  await takePlaces(node(), {
    run,
    expiryMs: 60_000,
    ranges,
    unreadable,
    onTaken: (logs, replaced) => taken.push([logs, replaced]),
  })
  expect(taken).toEqual([[1, 1]])
  expect(createHistory((await server.redis.getBuffer(key)) ?? undefined).payments).toBe(4)
})
