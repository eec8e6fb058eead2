import { describe, expect, test } from 'vitest'
import {
  redisFindings,
  type ClusterFacts,
  type RedisFacts,
} from '../../../../src/compose/doctor/redisFindings.ts'
import { redisCommands } from '../../../../src/features/redisRights.ts'

type Reached = Extract<RedisFacts, { readonly reachable: true }>

const sound = {
  redis_version: '7.0.15',
  redis_mode: 'standalone',
  role: 'master',
  maxmemory_policy: 'noeviction',
  maxmemory: String(2 ** 30),
  used_memory: String(2 ** 29),
  aof_enabled: '1',
  aof_last_write_status: 'ok',
  rdb_last_bgsave_status: 'ok',
}

const factsWith = (info: Readonly<Record<string, string>> = {}, over: Partial<Reached> = {}): RedisFacts => ({
  reachable: true,
  address: 'redis.example:6379',
  info: new Map(Object.entries({ ...sound, ...info })),
  save: '',
  cluster: null,
  tried: redisCommands.map((command) => ({ command, refusal: null })),
  ...over,
})

const inCluster = (over: Partial<ClusterFacts> = {}): RedisFacts =>
  factsWith(
    { redis_mode: 'cluster' },
    { cluster: { masters: ['one:1', 'two:2', 'three:3'], shardsWithout: 0, fullCoverage: 'no', ...over } },
  )

/** What is not ok, as `check: status: found`. */
const wrongIn = (facts: RedisFacts): readonly string[] =>
  redisFindings([facts])
    .filter(({ status }) => status !== 'ok')
    .map(({ check, status, found }) => `${check}: ${status}: ${found}`)

describe('what is found of Redis', () => {
  test('is nothing wrong where all is as it should be', () => {
    expect(wrongIn(factsWith())).toEqual([])
    expect(redisFindings([factsWith()]).map(({ check }) => check)).toEqual([
      'redis: reachable',
      'redis: version',
      'redis: mode',
      'redis: role',
      'redis: maxmemory-policy',
      'redis: maxmemory',
      'redis: persistence',
      'redis: disk',
      'redis: rights',
    ])
  })

  test('is one failure where it cannot be reached', () => {
    const facts = { reachable: false, address: 'redis.example:6379', reason: 'ECONNREFUSED' } as const
    expect(wrongIn(facts)).toEqual(['redis: reachable: failed: redis.example:6379: ECONNREFUSED'])
    expect(redisFindings([facts])).toHaveLength(1)
  })

  test.each([
    [{ redis_version: '6.2.14' }, 'redis: version: failed: 6.2.14'],
    [{ role: 'slave' }, 'redis: role: failed: slave'],
    [{ maxmemory_policy: 'allkeys-lru' }, 'redis: maxmemory-policy: failed: allkeys-lru'],
    [{ maxmemory: '0' }, 'redis: maxmemory: warning: no limit, 512 MiB used'],
    [{ used_memory: String(0.9 * 2 ** 30) }, 'redis: maxmemory: warning: 922 MiB of 1024 MiB used'],
    [{ aof_enabled: '0' }, 'redis: persistence: failed: appendonly no, no save points'],
    [{ aof_last_write_status: 'err' }, 'redis: disk: failed: aof_last_write_status is err'],
    [{ rdb_last_bgsave_status: 'err' }, 'redis: disk: failed: rdb_last_bgsave_status is err'],
    [{ redis_mode: 'cluster' }, 'redis: mode: failed: cluster, of whose nodes the user may not ask'],
  ])('names %j', (info, wrong) => {
    expect(wrongIn(factsWith(info))).toEqual([wrong])
  })

  test('takes version 8, a replication under sentinels, and a cluster', () => {
    expect(wrongIn(factsWith({ redis_version: '8.0.1' }))).toEqual([])
    expect(wrongIn(factsWith({ redis_version: '10.0.0' }))).toEqual([])
    expect(wrongIn(inCluster())).toEqual([])
    expect(wrongIn(inCluster({ fullCoverage: null }))).toEqual([])
    expect(wrongIn(inCluster({ masters: ['one:1'], fullCoverage: 'yes' }))).toEqual([])
  })

  test('names shards that nobody has, and a cluster that one dead master stops', () => {
    expect(wrongIn(inCluster({ shardsWithout: 7 }))).toEqual([
      'redis: mode: failed: cluster, masters: 3, shards that are with none of them or on the move: 7',
    ])
    expect(wrongIn(inCluster({ fullCoverage: 'yes' }))).toEqual([
      'redis: mode: warning: cluster, masters: 3, cluster-require-full-coverage yes',
    ])
  })

  test('says of which of several nodes it speaks', () => {
    const unreachable = { reachable: false, address: 'two:2', reason: 'ECONNREFUSED' } as const
    const checks = redisFindings([inCluster(), unreachable]).map(({ check }) => check)
    expect(checks[0]).toBe('redis redis.example:6379: reachable')
    expect(checks.at(-1)).toBe('redis two:2: reachable')
  })

  test('takes save points, and warns where they may not be asked for', () => {
    expect(wrongIn(factsWith({ aof_enabled: '0' }, { save: '3600 1' }))).toEqual([])
    expect(wrongIn(factsWith({ aof_enabled: '0' }, { save: null }))).toEqual([
      'redis: persistence: warning: appendonly no; save points are not told: the user may not ask',
    ])
  })

  test('is not known, which is a warning each, where INFO may not be asked', () => {
    const findings = redisFindings([{ ...factsWith(), info: new Map() } as RedisFacts])
    const warned = findings.filter(({ status }) => status === 'warning')
    expect(warned.map(({ check }) => check)).toEqual([
      'redis: version',
      'redis: mode',
      'redis: role',
      'redis: maxmemory-policy',
      'redis: maxmemory',
      'redis: persistence',
      'redis: disk',
    ])
    expect(findings.every(({ status }) => status !== 'failed')).toBe(true)
  })

  test('names each right that is lacking: a failure if it is required, else a warning', () => {
    const noperm = (command: string): string => `NOPERM no permissions to run the '${command}' command`
    const tried = redisCommands.map((command) => ({
      command,
      refusal: ['append', 'client|setname'].includes(command) ? noperm(command) : null,
    }))
    expect(wrongIn(factsWith({}, { tried }))).toEqual([
      `redis: right append: failed: ${noperm('append')}`,
      `redis: right client|setname: warning: ${noperm('client|setname')}`,
    ])
    const [finding] = redisFindings([factsWith({}, { tried })]).filter(({ check }) =>
      check.endsWith('append'),
    )
    expect(finding?.advice).toContain('ACL SETUSER with ~v1:* +append')
    expect(finding?.expected).toContain('adds payments and outcomes to histories')
  })

  test('does not take an error for a lack of rights', () => {
    const tried = [{ command: 'set', refusal: 'MISCONF Redis is configured to save RDB snapshots' }] as const
    const [finding] = redisFindings([factsWith({}, { tried })]).filter(({ check }) => check.endsWith('set'))
    expect(finding).toMatchObject({ status: 'failed', advice: 'do away with what Redis says' })
  })
})
