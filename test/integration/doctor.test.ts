import type { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { run } from '../../src/commands/doctor.ts'
import { run as topics } from '../../src/commands/topics.ts'
import type { Finding } from '../../src/compose/doctor/finding.ts'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { makeUser } from '../support/documentedUsers.ts'
import { connect } from '../support/redisStores.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'

let servers: Servers
let redis: Redis
let printed = ''
const prefix = `${ownName('doctor')}.`

const environment = (): Readonly<Record<string, string>> => ({
  SLUICE_KAFKA_BROKERS: sharedServers().brokers,
  SLUICE_REDIS_URL: servers.redisUrl,
  SLUICE_TOPIC_PREFIX: prefix,
  SLUICE_HASH_KEY: '00'.repeat(16),
  SLUICE_FEEDBACK_KEY: '00'.repeat(32),
})

beforeAll(async () => {
  servers = await startServers({ only: 'redis' })
  redis = await connect(servers.redisUrl)
  await redis.config('SET', 'maxmemory', '256mb')
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value)
  await topics(['create'])
})
beforeEach(() => {
  for (const [name, value] of Object.entries(environment())) vi.stubEnv(name, value)
})
afterEach(() => vi.unstubAllEnvs())
afterAll(async () => {
  vi.restoreAllMocks()
  redis.disconnect()
  await servers.close()
})

type Report = { readonly exitCode: number; readonly ok: boolean; readonly findings: readonly Finding[] }

const report = async (): Promise<Report> => {
  printed = ''
  const exitCode = await run(['--json'])
  return { exitCode, ...JSON.parse(printed) }
}

/** What is not ok, as `check: status`, and the exit code. */
const wrong = async (): Promise<readonly [number, ...string[]]> => {
  const { exitCode, findings } = await report()
  const problems = findings.filter(({ status }) => status !== 'ok')
  return [exitCode, ...problems.map(({ check, status }) => `${check}: ${status}`)]
}

describe('sluice doctor', () => {
  test('finds nothing wrong where all is as it should be, and leaves nothing behind', async () => {
    const { exitCode, ok, findings } = await report()
    expect(findings.filter(({ status }) => status !== 'ok')).toEqual([])
    expect({ exitCode, ok }).toEqual({ exitCode: 0, ok: true })
    for (const key of await redis.keys('*')) expect(await redis.pttl(key)).toBeGreaterThan(0)
  })

  test('tells people the same, one line for what is ok', async () => {
    printed = ''
    expect(await run([])).toBe(0)
    expect(printed).toMatch(/^ok {7}redis: maxmemory-policy +noeviction$/m)
    expect(printed).toMatch(/^failed: 0, warning: 0, ok: \d+$/m)
  })

  test.each([
    ['maxmemory-policy', 'allkeys-lru', 1, 'redis: maxmemory-policy: failed'],
    ['appendonly', 'no', 1, 'redis: persistence: failed'],
    ['maxmemory', '0', 0, 'redis: maxmemory: warning'],
  ] as const)('finds Redis with %s %s', async (name, value, exitCode, problem) => {
    const [, before = ''] = (await redis.config('GET', name)) as readonly string[]
    await redis.config('SET', name, value)
    try {
      expect(await wrong()).toEqual([exitCode, problem])
    } finally {
      await redis.config('SET', name, before)
    }
  })

  test('finds nothing wrong with the documented user, and names each right that it lacks', async () => {
    const user = (more: readonly string[]) => makeUser(redis, servers.redisUrl, 'sluice', more)
    vi.stubEnv('SLUICE_REDIS_URL', await user([]))
    expect(await wrong()).toEqual([0])
    await user(['-append', '-client|setname', '-evalsha'])
    expect(await wrong()).toEqual([
      1,
      'redis: right append: failed',
      'redis: right client|setname: warning',
      'redis: right evalsha: failed',
    ])
    await user(['-set'])
    expect(await wrong()).toEqual([1, 'redis: right append: failed', 'redis: right set: failed'])
    await user(['resetkeys', '~v2:*'])
    expect(await wrong()).toEqual([
      1,
      ...['append', 'get', 'getrange', 'pexpire', 'set'].map((command) => `redis: right ${command}: failed`),
      'redis: right strlen: warning',
    ])
  })

  test('finds a Redis that is not there or refuses the password, and does not repeat it', async () => {
    const own = new URL(servers.redisUrl)
    own.username = 'sluice'
    own.password = 's3cret'
    vi.stubEnv('SLUICE_REDIS_URL', own.href)
    expect(await wrong()).toEqual([1, 'redis: reachable: failed'])
    expect(printed).toContain('WRONGPASS')
    expect(printed).not.toContain('s3cret')
    vi.stubEnv('SLUICE_REDIS_URL', 'redis://127.0.0.1:1')
    expect(await wrong()).toEqual([1, 'redis: reachable: failed'])
  })

  test('finds that everybody is believed, and a password of Kafka without TLS', async () => {
    vi.stubEnv('SLUICE_FEEDBACK_TRUST', 'any')
    expect(await wrong()).toEqual([0, 'settings: feedback: warning'])
    vi.stubEnv('SLUICE_KAFKA_SASL_MECHANISM', 'scram-sha-512')
    vi.stubEnv('SLUICE_KAFKA_SASL_USER', 'sluice')
    vi.stubEnv('SLUICE_KAFKA_PASSWORD', 's3cret')
    expect(await wrong()).toContain('settings: the way to Kafka: warning')
    expect(printed).not.toContain('s3cret')
  })

  test('finds topics that are missing, and settings that a topic has got since', async () => {
    vi.stubEnv('SLUICE_TOPIC_PREFIX', `${ownName('none')}.`)
    expect((await wrong()).length).toBe(17)
    vi.stubEnv('SLUICE_TOPIC_PREFIX', prefix)
    const admin = createKafka({
      brokers: [sharedServers().brokers],
      clientId: 'doctor-test',
      log: () => () => undefined,
      warn: () => undefined,
    }).admin()
    await admin.connect()
    await admin.createPartitions({ topicPartitions: [{ topic: `${prefix}payments`, count: 5 }] })
    await admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: 2,
          name: `${prefix}payments`,
          configEntries: [{ name: 'message.timestamp.type', value: 'CreateTime' }],
        },
      ],
    })
    await admin.disconnect()
    expect(await wrong()).toEqual([
      1,
      `kafka: ${prefix}payments: retention.ms: warning`,
      `kafka: ${prefix}payments: message.timestamp.type: warning`,
      `kafka: ${prefix}payments: compression.type: warning`,
      `kafka: ${prefix}decisions: partitions: failed`,
    ])
  })

  test('finds a Kafka and models that are not there', async () => {
    vi.stubEnv('SLUICE_KAFKA_BROKERS', '127.0.0.1:1')
    vi.stubEnv('SLUICE_MODELS_DIR', 'no-such-folder')
    expect(await wrong()).toEqual([1, 'kafka: reachable: failed', 'models: bundle: failed'])
  })
})
