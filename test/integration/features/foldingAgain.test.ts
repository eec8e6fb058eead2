import type { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { fold } from '../../../src/features/fold.ts'
import { createFolding, type FoldingOptions } from '../../../src/features/folding.redis.ts'
import { createHistory, type History } from '../../../src/features/history.ts'
import { logBytes } from '../../support/histories.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'
import { aPast, onlyAccount, paid } from '../../support/pasts.ts'
import { keys, openHistories, until } from '../../support/redisStores.ts'
import { aReceived } from '../../support/payments.ts'

const options: FoldingOptions = {
  keep: 5,
  foldAbove: 10,
  share: 0.05,
  retentionMs: 40 * 86_400_000,
  lastSeenPerSlot: 1_000,
  notesPerKind: 8,
}
const server = useOwnRedis(0)

/** Payments that all differ in whom they name: what would remember them takes more than they do. */
const different = (count: number): Uint8Array =>
  logBytes(
    Array.from({ length: count }, (_, n) => {
      const entities = { ...onlyAccount, card: `c${n}`, device: `d${n}`, ip: `i${n}`, payee: `p${n}` }
      return paid(aPast(`${n}`, 1_000_000 - n * 1_000, { entities }), 'ALLOW')
    }),
  )

test('a fold that gained nothing is tried again only when many more payments have come', async () => {
  const vain = keys.entity(0, 'vain')
  const read: string[] = []
  const redis = Object.create(server.redis, {
    getBuffer: {
      value: (key: string) => {
        read.push(key)
        return server.redis.getBuffer(key)
      },
    },
  }) as Redis
  const folding = createFolding({
    redis,
    options,
    onFolded: () => expect.unreachable('nothing is gained'),
    onFailure: (error) => expect.unreachable(String(error)),
  })
  expect(fold(different(20), options)).toBeNull()
  await server.redis.set(vain.key, Buffer.from(different(20)))
  const offer = async (history: History): Promise<void> => {
    folding.offer(vain, history)
    // Whatever was offered before has been tried when this one has.
    const marker = keys.entity(0, `marker ${read.length}`)
    folding.offer(marker, createHistory(different(20)))
    await until(() => read.includes(marker.key))
  }
  const tries = (): number => read.filter((key) => key === vain.key).length

  await offer(createHistory(different(20)))
  expect(tries()).toBe(1)
  for (const count of [20, 21, 83]) await offer(createHistory(different(count)))
  expect(tries()).toBe(1)
  await offer(createHistory(different(84)))
  expect(tries()).toBe(2)
  await folding.close()
})

test('a log of a version that is not understood is left as it is, and known as unknown', async () => {
  const account = keys.entity(0, 'acc-1')
  const log = Buffer.from(different(40))
  log[0] = (1 << 4) | 2
  await server.redis.set(account.key, log)
  const instance = openHistories(server.redis, { folding: options })
  const [recalled] = await instance.remember([aReceived()])
  expect(recalled?.views[0]).toBe('unknown')
  await instance.close()
  expect((await server.redis.getBuffer(account.key))?.subarray(0, log.byteLength)).toEqual(log)
  expect(instance.events.get('folds_failed')).toBeUndefined()
  expect(instance.events.get('logs_unreadable')).toBe(1)
})

test('a log that stays long, as its payments wait for what becomes of them, is not folded at each one', async () => {
  const busy = keys.entity(0, 'busy')
  const folded: string[] = []
  const folding = createFolding({
    redis: server.redis,
    options,
    onFolded: ({ key }) => void folded.push(key),
    onFailure: (error) => expect.unreachable(String(error)),
  })
  const [payments, kept] = [100, 8 * options.keep]
  const payment = (n: number, outcome: string) => paid(aPast(`${n}`, (payments - n) * 1_000), outcome)
  const short = logBytes(Array.from({ length: 40 }, (_, n) => paid(aPast(`${n}`, 1_000), 'ALLOW')))
  for (let n = 0; n < payments; n++) {
    await server.redis.append(busy.key, Buffer.from(logBytes([payment(n, 'STEP_UP')])))
    const log = await server.redis.getBuffer(busy.key)
    folding.offer(busy, createHistory(log ?? undefined))
    // Whatever was offered before has been tried when this one has.
    const marker = keys.entity(0, `marker ${n}`)
    await server.redis.set(marker.key, Buffer.from(short))
    folding.offer(marker, createHistory(short))
    await until(() => folded.includes(marker.key))
  }
  await folding.close()
  const folds = folded.filter((key) => key === busy.key).length
  expect(folds).toBeGreaterThan(1)
  expect(folds).toBeLessThanOrEqual(1 + (payments - kept) / (options.foldAbove - options.keep))
})
