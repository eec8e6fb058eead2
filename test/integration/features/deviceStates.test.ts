import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRedisDeviceStates } from '../../../src/features/deviceStates.redis.ts'
import { aReading, aReport, deviceStates } from '../../support/conformance/deviceStates.ts'
import { aReceived } from '../../support/payments.ts'
import { connect, hasher, keys, openHistories } from '../../support/redisStores.ts'
import { startServers, type Servers } from '../../support/servers.ts'

let servers: Servers
let redis: Redis

beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  redis = await connect(servers.redisUrl)
})
afterAll(async () => {
  redis.disconnect()
  await servers.close()
})

const statesOn = (connection: Redis) => createRedisDeviceStates({ redis: connection, keys, hasher })

const deviceSeenBy = async (histories: ReturnType<typeof openHistories>, deviceId: string) =>
  (await histories.remember([aReceived({ deviceId })]))[0]?.device ?? null

describe('device states in Redis', () => {
  deviceStates(async () => {
    await redis.flushall()
    const histories = openHistories(redis)
    return { states: statesOn(redis), read: (deviceId) => deviceSeenBy(histories, deviceId) }
  })

  test('expire, and keep the device out of the key', async () => {
    await redis.flushall()
    await statesOn(redis).apply([aReport()])
    const [key = ''] = await redis.keys('*')
    expect(key).toMatch(/^v1:\{s\d{1,4}\}:h:[0-9a-f]{16}$/)
    expect(await redis.pttl(key)).toBeGreaterThan(89 * 86_400_000)
    expect(await redis.get(key)).not.toContain('dev-1')
  })

  test('one batch may speak of many devices, and of one device many times', async () => {
    await redis.flushall()
    const reports = Array.from({ length: 300 }, (_, n) =>
      aReport({
        deviceId: `d${n % 100}`,
        observedAt: n,
        readings: [aReading({ observedAt: n, source: `s${n}` })],
      }),
    )
    await statesOn(redis).apply(reports)
    const histories = openHistories(redis)
    expect(await deviceSeenBy(histories, 'd7')).toMatchObject({ readings: [{ source: 's207' }] })
  })

  test('a value that cannot be read is unknown, not a device that never reported', async () => {
    await redis.flushall()
    await redis.set(keys.deviceState('dev-1'), '0123456789abcdef[99]')
    const histories = openHistories(redis)
    expect(await deviceSeenBy(histories, 'dev-1')).toBe('unknown')
    expect(histories.events.get('devices_unreadable')).toBe(1)
  })

  test('without Redis the reports are refused, to be delivered again', async () => {
    const own = await connect(servers.redisUrl)
    own.disconnect()
    await expect(statesOn(own).apply([aReport()])).rejects.toMatchObject({
      code: 'REDIS_UNAVAILABLE',
      retriable: true,
    })
  })
})
