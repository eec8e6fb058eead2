import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { viewOf } from '../../features/clusterView.ts'
import { connectRedis, redisReady, type RedisAccess } from '../../features/connection.redis.ts'
import { askNodes } from '../../features/findCluster.redis.ts'
import { keyVersion } from '../../features/keys.ts'
import { redisCommands, type RedisCommand } from '../../features/redisRights.ts'
import { within } from '../../within.ts'
import { redisUrlAt, redisUrlsOf } from '../../redisUrls.ts'
import { reasonOf } from './finding.ts'
import type { ClusterFacts, RedisFacts, TriedCommand } from './redisFindings.ts'

const patienceMs = 3_000
/** What a try leaves behind is gone by then. */
const expiryMs = '10000'

/** Does something with the command that changes nothing but a key of the doctor's own. */
const harmless = (key: string): Readonly<Record<RedisCommand, readonly string[]>> => ({
  get: ['GET', key],
  getrange: ['GETRANGE', key, '0', '0'],
  set: ['SET', key, '', 'PX', expiryMs],
  append: ['APPEND', key, ''],
  pexpire: ['PEXPIRE', key, expiryMs],
  evalsha: ['EVALSHA', '0'.repeat(40), '0'],
  eval: ['EVAL', '#!lua flags=allow-cross-slot-keys\nreturn 0', '0'],
  strlen: ['STRLEN', key],
  info: ['INFO', 'server'],
  'cluster|nodes': ['CLUSTER', 'NODES'],
  'client|setname': ['CLIENT', 'SETNAME', 'sluice:doctor'],
})

/** Rights come before these: an unknown script, a key that another node of a cluster has, a server in no cluster. */
const afterRights = /^(NOSCRIPT|MOVED|ASK|CROSSSLOT|ERR This instance has cluster support disabled)/

const call = (redis: Redis, [name = '', ...args]: readonly string[]): Promise<unknown> =>
  redis.call(name, ...args)

const refusalOf = async (redis: Redis, args: readonly string[]): Promise<string | null> => {
  try {
    await call(redis, args)
    return null
  } catch (error) {
    const reason = reasonOf(error)
    return afterRights.test(reason) ? null : reason
  }
}

/** In turn: APPEND would leave a key without an expiry behind, had not SET made it. */
const tryCommands = async (redis: Redis): Promise<readonly TriedCommand[]> => {
  const calls = harmless(`${keyVersion}:{s0}:doctor:${randomBytes(8).toString('hex')}`)
  const setRefusal = await refusalOf(redis, calls.set)
  const tried: TriedCommand[] = []
  for (const command of redisCommands) {
    if (command === 'set') tried.push({ command, refusal: setRefusal })
    else if (command === 'append' && setRefusal !== null)
      tried.push({ command, refusal: 'not tried while SET is refused' })
    else tried.push({ command, refusal: await refusalOf(redis, calls[command]) })
  }
  return tried
}

const lineOf = /^([a-z_0-9]+):(.*)$/gm

const readInfo = async (redis: Redis): Promise<ReadonlyMap<string, string>> => {
  const text = await redis.info().catch(() => '')
  return new Map(
    [...text.replaceAll('\r', '').matchAll(lineOf)].map(([, name = '', value = '']) => [name, value]),
  )
}

const readConfig = async (redis: Redis, name: string): Promise<string | null> => {
  const reply: unknown = await redis.config('GET', name).catch(() => null)
  if (Array.isArray(reply)) return String(reply[1])
  return typeof reply === 'object' && reply !== null && name in reply
    ? String((reply as Readonly<Record<string, unknown>>)[name])
    : null
}

const readCluster = async (redis: Redis): Promise<ClusterFacts | null> => {
  const reply = await askNodes(redis).catch(() => null)
  if (reply === null) return null
  const { masters, owners } = viewOf([reply])
  return {
    masters,
    shardsWithout: owners.filter((owner) => owner < 0).length,
    fullCoverage: await readConfig(redis, 'cluster-require-full-coverage'),
  }
}

const ask = async (redis: Redis, address: string): Promise<RedisFacts> => {
  const info = await readInfo(redis)
  return {
    reachable: true,
    address,
    info,
    save: await readConfig(redis, 'save'),
    cluster: info.get('redis_mode') === 'cluster' ? await readCluster(redis) : null,
    tried: await tryCommands(redis),
  }
}

/**
 * What Redis says of itself, and what its user may do: each command is tried on a key of the doctor's own, which
 * expires. Never rejects.
 * @param url may hold a password, which is in no answer
 */
const gatherNodeFacts = async (url: string, access: RedisAccess): Promise<RedisFacts> => {
  const address = new URL(url).host
  const errors: Error[] = []
  const redis = connectRedis({
    url,
    access,
    name: 'sluice:doctor',
    onError: (error) => void errors.splice(0, 1, error),
  })
  const unreachable = (reason: string): RedisFacts => ({ reachable: false, address, reason })
  try {
    if ((await within(redisReady(redis), patienceMs)) === 'late')
      return unreachable(errors[0] === undefined ? `no answer in ${patienceMs} ms` : reasonOf(errors[0]))
    const facts = await within(ask(redis, address), patienceMs)
    return facts === 'late' ? unreachable(`no answer in ${patienceMs} ms`) : facts
  } catch (error) {
    return unreachable(reasonOf(errors[0] ?? error))
  } finally {
    redis.disconnect()
  }
}

/**
 * The facts of the one Redis, or of each master of the cluster that the nodes in `text` belong to. Never rejects.
 * @param text as SLUICE_REDIS_URL
 */
export const gatherRedisFacts = async (text: string, access: RedisAccess): Promise<readonly RedisFacts[]> => {
  const urls = redisUrlsOf(text) ?? [text]
  const named = await Promise.all(urls.map((url) => gatherNodeFacts(url, access)))
  const member = named.find((facts) => facts.reachable && facts.cluster !== null)
  if (member?.reachable !== true || member.cluster === null) return named
  const known = new Map(named.map((facts) => [facts.address, facts]))
  const factsAt = async (address: string): Promise<RedisFacts> =>
    known.get(address) ?? gatherNodeFacts(redisUrlAt(urls[0] ?? text, address), access)
  return Promise.all(member.cluster.masters.map(factsAt))
}
