import { aclRules, redisKeyPattern, redisRights, type RedisCommand } from '../../features/redisRights.ts'
import { failed, ok, warning, type Finding } from './finding.ts'

/** A command as the user of the processor tried it on a key of its own. */
export type TriedCommand = {
  readonly command: RedisCommand
  /** What Redis answered instead of doing it; null: it was done. */
  readonly refusal: string | null
}

export type ClusterFacts = {
  /** `host:port` of each master that has a shard. */
  readonly masters: readonly string[]
  /** Number of shards that no master has, or that are being moved. */
  readonly shardsWithout: number
  /** CONFIG GET cluster-require-full-coverage; null where the user may not ask. */
  readonly fullCoverage: string | null
}

/** Of one node. */
export type RedisFacts =
  | { readonly reachable: false; readonly address: string; readonly reason: string }
  | {
      readonly reachable: true
      readonly address: string
      /** The fields of INFO; empty where the user may not ask. */
      readonly info: ReadonlyMap<string, string>
      /** CONFIG GET save, '' for none; null where the user may not ask. */
      readonly save: string | null
      /** null where there is no cluster, or the user may not ask. */
      readonly cluster: ClusterFacts | null
      readonly tried: readonly TriedCommand[]
    }

type Reached = Extract<RedisFacts, { readonly reachable: true }>

/** The scripts use flags that came with 7.0. */
const leastMajor = 7
/** Above this share of maxmemory there is too little time left to act. */
const fullShare = 0.8

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`

const notTold = (check: string, expected: string): Finding =>
  warning(check, {
    found: 'not told: the user may not ask',
    expected,
    advice: 'allow INFO to the user (+info), or look yourself',
  })

/** A judge of one field of INFO, which may not be there. */
const field =
  (name: string, check: string, expected: string, judge: (value: string, facts: Reached) => Finding) =>
  (facts: Reached): Finding => {
    const value = facts.info.get(name)
    return value === undefined ? notTold(check, expected) : judge(value, facts)
  }

const version = field('redis_version', 'redis: version', '7.0 or later', (found) => {
  const judged = { found, expected: '7.0 or later' }
  return Number(found.split('.')[0]) >= leastMajor
    ? ok('redis: version', judged)
    : failed('redis: version', { ...judged, advice: 'upgrade Redis: the scripts need 7.0' })
})

const modeExpected = 'one node that holds all keys, or a cluster'

const clusterMode = ({ masters, shardsWithout, fullCoverage }: ClusterFacts): Finding => {
  const found = `cluster, masters: ${masters.length}`
  if (shardsWithout > 0)
    return failed('redis: mode', {
      found: `${found}, shards that are with none of them or on the move: ${shardsWithout}`,
      expected: modeExpected,
      advice: 'redis-cli --cluster check, and fix: what is in these shards is not known',
    })
  if (fullCoverage === 'yes' && masters.length > 1)
    return warning('redis: mode', {
      found: `${found}, cluster-require-full-coverage yes`,
      expected: modeExpected,
      advice:
        'CONFIG SET cluster-require-full-coverage no, and in redis.conf: one master that is away would stop all',
    })
  return ok('redis: mode', { found, expected: modeExpected })
}

const mode = field('redis_mode', 'redis: mode', modeExpected, (found, { cluster }) => {
  if (found !== 'cluster') return ok('redis: mode', { found, expected: modeExpected })
  if (cluster !== null) return clusterMode(cluster)
  return failed('redis: mode', {
    found: 'cluster, of whose nodes the user may not ask',
    expected: modeExpected,
    advice: 'ACL SETUSER with +cluster|nodes: without it the masters cannot be found',
  })
})

const role = field('role', 'redis: role', 'master', (found) => {
  const judged = { found, expected: 'master' }
  return found === 'master'
    ? ok('redis: role', judged)
    : failed('redis: role', {
        ...judged,
        advice: 'name the master in SLUICE_REDIS_URL: a replica refuses writes',
      })
})

const eviction = field('maxmemory_policy', 'redis: maxmemory-policy', 'noeviction', (found) => {
  const judged = { found, expected: 'noeviction' }
  return found === 'noeviction'
    ? ok('redis: maxmemory-policy', judged)
    : failed('redis: maxmemory-policy', {
        ...judged,
        advice:
          'CONFIG SET maxmemory-policy noeviction, and in redis.conf: an evicted history looks like a new customer',
      })
})

const memory = field(
  'maxmemory',
  'redis: maxmemory',
  'a limit, less than 80 % of it used',
  (value, { info }) => {
    const [limit, used] = [Number(value), Number(info.get('used_memory') ?? NaN)]
    const expected = 'a limit, less than 80 % of it used'
    if (limit === 0)
      return warning('redis: maxmemory', {
        found: `no limit, ${mebibytes(used)} used`,
        expected,
        advice:
          'set maxmemory below what the machine has: without it the system kills Redis when memory runs out',
      })
    const found = `${mebibytes(used)} of ${mebibytes(limit)} used`
    return used < fullShare * limit
      ? ok('redis: maxmemory', { found, expected })
      : warning('redis: maxmemory', {
          found,
          expected,
          advice: 'raise maxmemory (docs/redis.md says how much): at the limit Redis refuses all writes',
        })
  },
)

const persistenceCheck = 'redis: persistence'
const persistenceExpected = 'appendonly yes, or save points'

const withoutAppendOnly = (save: string | null): Finding => {
  if (save === null)
    return warning(persistenceCheck, {
      found: 'appendonly no; save points are not told: the user may not ask',
      expected: persistenceExpected,
      advice: 'CONFIG GET save as an administrator; appendonly yes loses less',
    })
  return save === ''
    ? failed(persistenceCheck, {
        found: 'appendonly no, no save points',
        expected: persistenceExpected,
        advice: 'CONFIG SET appendonly yes, and in redis.conf: a restart would lose all histories',
      })
    : ok(persistenceCheck, { found: `appendonly no, save ${save}`, expected: persistenceExpected })
}

const persistence = field('aof_enabled', persistenceCheck, persistenceExpected, (value, { save }) =>
  value === '1'
    ? ok(persistenceCheck, { found: 'appendonly yes', expected: persistenceExpected })
    : withoutAppendOnly(save),
)

/** With these errors Redis answers writes with MISCONF. */
const diskFields = ['aof_last_write_status', 'rdb_last_bgsave_status'] as const

const disk = ({ info }: Reached): Finding => {
  const expected = 'the last writes to the disk succeeded'
  const wrong = diskFields.filter((name) => (info.get(name) ?? 'ok') !== 'ok')
  if (!info.has('rdb_last_bgsave_status')) return notTold('redis: disk', expected)
  return wrong.length === 0
    ? ok('redis: disk', { found: 'ok', expected })
    : failed('redis: disk', {
        found: wrong.map((name) => `${name} is ${info.get(name)}`).join(', '),
        expected,
        advice: "look into Redis's log and the space on its disk: it refuses writes, or soon will",
      })
}

const right = ({ command, refusal }: TriedCommand): Finding => {
  const check = `redis: right ${command}`
  const { required, purpose } = redisRights[command]
  if (refusal === null) return ok(check, { found: 'allowed', expected: 'allowed' })
  const denied = refusal.startsWith('NOPERM')
  const wanting = {
    found: refusal,
    expected: `allowed on ${redisKeyPattern}: ${purpose}`,
    advice: denied
      ? `ACL SETUSER with ${[aclRules[0], `+${command}`].join(' ')} (docs/redis.md has all rules)`
      : 'do away with what Redis says',
  }
  return required ? failed(check, wanting) : warning(check, wanting)
}

/** One finding for all rights that are there: ten lines that say "allowed" hide the others. */
const rights = ({ tried }: Reached): readonly Finding[] => {
  const refused = tried.filter(({ refusal }) => refusal !== null)
  return refused.length > 0
    ? refused.map(right)
    : [
        ok('redis: rights', {
          found: `${tried.length} commands allowed`,
          expected: 'all that a processor uses',
        }),
      ]
}

const judges = [version, mode, role, eviction, memory, persistence, disk]

const nodeFindings = (facts: RedisFacts): readonly Finding[] => {
  const expected = 'answers'
  if (!facts.reachable)
    return [
      failed('redis: reachable', {
        found: `${facts.address}: ${facts.reason}`,
        expected,
        advice: 'start Redis, or set SLUICE_REDIS_URL to where it is, with user and password',
      }),
    ]
  return [
    ok('redis: reachable', { found: `${facts.address} answers`, expected }),
    ...judges.map((judge) => judge(facts)),
    ...rights(facts),
  ]
}

/** Where there are several nodes each check says of which one it speaks. */
export const redisFindings = (nodes: readonly RedisFacts[]): readonly Finding[] =>
  nodes.flatMap((facts) => {
    const findings = nodeFindings(facts)
    return nodes.length === 1
      ? findings
      : findings.map((finding) => ({
          ...finding,
          check: finding.check.replace('redis:', `redis ${facts.address}:`),
        }))
  })
