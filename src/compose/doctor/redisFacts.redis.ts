import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { connectRedis, redisReady } from '../../features/connection.redis.ts'
import { keyVersion } from '../../features/keys.ts'
import { redisCommands, type RedisCommand } from '../../features/redisRights.ts'
import { within } from '../../features/within.ts'
import { reasonOf } from './finding.ts'
import type { RedisFacts, TriedCommand } from './redisFindings.ts'

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
  ping: ['PING'],
  strlen: ['STRLEN', key],
  info: ['INFO', 'server'],
  'client|setname': ['CLIENT', 'SETNAME', 'sluice:doctor'],
})

/** Rights come before these: a script that is not known, a key that another node of a cluster has. */
const afterRights = /^(NOSCRIPT|MOVED|ASK|CROSSSLOT)/

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

const readSave = async (redis: Redis): Promise<string | null> => {
  const reply: unknown = await redis.config('GET', 'save').catch(() => null)
  if (Array.isArray(reply)) return String(reply[1])
  return typeof reply === 'object' && reply !== null && 'save' in reply ? String(reply.save) : null
}

const readClusterSize = async (redis: Redis): Promise<number | null> => {
  const text = String(await redis.call('CLUSTER', 'INFO').catch(() => ''))
  const size = /cluster_size:(\d+)/.exec(text)?.[1]
  return size === undefined ? null : Number(size)
}

const ask = async (redis: Redis, address: string): Promise<RedisFacts> => {
  const info = await readInfo(redis)
  return {
    reachable: true,
    address,
    info,
    save: await readSave(redis),
    clusterSize: info.get('redis_mode') === 'cluster' ? await readClusterSize(redis) : null,
    tried: await tryCommands(redis),
  }
}

/**
 * What Redis says of itself, and what its user may do: each command is tried on a key of the doctor's own, which
 * expires. Never rejects.
 * @param url may hold a password, which is in no answer
 */
export const gatherRedisFacts = async (url: string): Promise<RedisFacts> => {
  const address = new URL(url).host
  const errors: Error[] = []
  const redis = connectRedis({
    url,
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
