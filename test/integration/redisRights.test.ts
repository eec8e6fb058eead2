import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAvailability } from '../../src/features/availability.redis.ts'
import { declareCovered } from '../../src/features/coverage.redis.ts'
import { createRedisDeviceStates } from '../../src/features/deviceStates.redis.ts'
import { createRedisJournal } from '../../src/features/journal.redis.ts'
import { redisCommands, redisRights } from '../../src/features/redisRights.ts'
import { createRedisUsedOnce } from '../../src/features/usedOnce.redis.ts'
import { openSeedStores } from '../../src/offline/seedStores.redis.ts'
import { aReport, deviceStates } from '../support/conformance/deviceStates.ts'
import { coveredSince, histories } from '../support/conformance/histories.ts'
import { journals } from '../support/conformance/journals.ts'
import { usedOnce } from '../support/conformance/usedOnce.ts'
import { makeUser } from '../support/documentedUsers.ts'
import { aReceived } from '../support/payments.ts'
import { connect, hasher, keys, openHistories, until } from '../support/redisStores.ts'
import { startServers, type Servers } from '../support/servers.ts'

let servers: Servers
let admin: Redis
let redis: Redis

beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  admin = await connect(servers.redisUrl)
  redis = await connect(await makeUser(admin, servers.redisUrl, 'sluice'))
})
beforeEach(() => admin.flushall())
afterAll(async () => {
  redis.disconnect()
  admin.disconnect()
  await servers.close()
})

const openJournal = (connection: Redis) => {
  const availability = createAvailability({ redis: connection, commandTimeoutMs: 5_000 })
  return createRedisJournal({ redis: connection, availability, keys })
}
const openStates = (connection: Redis) => createRedisDeviceStates({ redis: connection, keys, hasher })

describe('the documented user has rights enough for', () => {
  describe('histories', () => {
    histories(async () => {
      await admin.flushall()
      await declareCovered(admin, coveredSince)
      return { open: () => openHistories(redis), close: () => Promise.resolve() }
    }, 10)
  })

  describe('the journal', () => {
    journals(async () => {
      await admin.flushall()
      return [openJournal(redis), openJournal(redis)]
    }, 10)
  })

  describe('what was used', () => {
    usedOnce(async () => {
      await admin.flushall()
      return createRedisUsedOnce({ redis, keys, ttlMs: 60_000 })
    })
  })

  describe('device states', () => {
    deviceStates(async () => {
      await admin.flushall()
      const instance = openHistories(redis)
      const read = async (deviceId: string) =>
        (await instance.remember([aReceived({ deviceId })]))[0]?.device ?? null
      return { states: openStates(redis), read }
    })
  })
})

/** Whether everything works that a processor does with Redis, from an empty one on. */
const works = async (connection: Redis): Promise<boolean> => {
  await admin.flushall()
  await admin.script('FLUSH')
  const entry = { paymentId: 'p', attempt: 1, contentHash: '00000000000000aa', bytes: Buffer.from('answer') }
  const reported = await openStates(connection)
    .apply([aReport()])
    .then(
      () => true,
      () => false,
    )
  const [one, other] = [openHistories(connection), openHistories(connection)]
  await one.remember([aReceived({ paymentId: 'one' })])
  await one.conclude([{ received: aReceived({ paymentId: 'one' }), outcome: 'ALLOW' }])
  await other.remember([aReceived({ paymentId: 'two' })])
  const [recalled] = await one.remember([aReceived({ paymentId: 'three' })])
  const remembered = recalled?.views[0] !== 'unknown' && recalled?.device !== 'unknown'
  const [first] = await openJournal(connection).first([entry])
  const [again] = await openJournal(connection).first([entry])
  const journalled = first?.kind === 'first' && again?.kind === 'repeated'
  const availability = createAvailability({ redis: connection, probeEveryMs: 5 })
  await availability.attempt(() => Promise.reject(new Error('a call that failed')))
  const giveUpAt = performance.now() + 1_000
  await until(() => !availability.isAway() || performance.now() > giveUpAt)
  const noticed = !availability.isAway()
  await Promise.all([one.close(), other.close()])
  availability.close()
  return reported && remembered && journalled && noticed
}

const worksFor = async (more: readonly string[]): Promise<boolean> => {
  const connection = await connect(await makeUser(admin, servers.redisUrl, 'sluice', more))
  try {
    return await works(connection)
  } finally {
    connection.disconnect()
  }
}

describe('of the documented rights', () => {
  const [required, comfort] = [true, false].map((wanted) =>
    redisCommands.filter((command) => redisRights[command].required === wanted),
  )

  test('all together suffice', async () => {
    expect(await worksFor([])).toBe(true)
  })

  test.each(required ?? [])('%s is required', async (command) => {
    expect(await worksFor([`-${command}`])).toBe(false)
  })

  test.each(comfort ?? [])('%s is not', async (command) => {
    // ioredis says on the console that it cannot ask whether Redis is still loading.
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    expect(await worksFor([`-${command}`])).toBe(true)
    warn.mockRestore()
  })

  test('the pattern of keys is required, and holds', async () => {
    expect(await worksFor(['resetkeys', '~v2:*'])).toBe(false)
    const own = await connect(await makeUser(admin, servers.redisUrl, 'sluice'))
    await expect(own.get('of-somebody-else')).rejects.toThrow('NOPERM')
    await expect(own.flushall()).rejects.toThrow('NOPERM')
    own.disconnect()
  })
})

test('the documented user of the tools can fill and clear a database', async () => {
  const url = await makeUser(admin, servers.redisUrl, 'sluice-tools')
  const stores = await openSeedStores({ url, hashKey: Buffer.alloc(16, 3), baseCurrency: 'EUR' })
  expect(await stores.isEmpty()).toBe(true)
  await stores.declareCovered(0)
  await stores.seed([{ received: aReceived(), outcome: 'ALLOW' }])
  await stores.deviceStates.apply([aReport()])
  expect(await admin.dbsize()).toBeGreaterThan(1024)
  await stores.clear()
  expect(await admin.dbsize()).toBe(0)
  stores.close()
})
