import type { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectRedis, redisReady } from '../../../src/features/connection.redis.ts'
import { startProxy, type Proxy } from '../../support/proxy/proxy.ts'
import { sharedServers } from '../../support/shared.ts'
import { untilTrue } from '../../support/until.ts'

const silenceMs = 200
const { redisUrl } = sharedServers()
const errors: string[] = []
let proxy: Proxy
let redis: Redis
const open = async (url: string): Promise<Redis> => {
  redis = connectRedis({ url, name: 'silence', silenceMs, onError: ({ message }) => errors.push(message) })
  await redisReady(redis)
  return redis
}
beforeEach(async () => {
  errors.length = 0
  proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(redisUrl).port) })
})
afterEach(async () => {
  redis.disconnect()
  await proxy.close()
})

/** As SIGSTOP and SIGCONT: nothing of this process runs meanwhile. */
const stall = (ms: number): void => {
  const until = performance.now() + ms
  while (performance.now() < until);
}

it('an answer that came while this process stood still is an answer', async () => {
  const connection = await open(redisUrl)
  await connection.ping()
  const answers = [connection.echo('one'), connection.echo('two')]
  // The requests leave with the end of this turn.
  await new Promise(setImmediate)
  stall(3 * silenceMs)
  expect(await Promise.all(answers)).toEqual(['one', 'two'])
  expect(errors).toEqual([])
  expect(await connection.echo('three')).toBe('three')
})

it('a connection that is half-open is given up, and another one made', async () => {
  const connection = await open(`redis://127.0.0.1:${proxy.port}`)
  proxy.poison({ swallows: true }, ['down'])
  await expect(connection.echo('one')).rejects.toThrow()
  expect(errors).toContain(`expected an answer of Redis within ${silenceMs} ms, found none`)
  proxy.heal()
  await untilTrue(() => connection.status === 'ready')
  expect(await connection.echo('two')).toBe('two')
})

it('who answers slowly, but does answer, is not silent', async () => {
  const connection = await open(`redis://127.0.0.1:${proxy.port}`)
  proxy.poison({ bytesPerSecond: 20_000 }, ['down'])
  const long = 'x'.repeat(10_000)
  expect(await connection.echo(long)).toBe(long)
  expect(errors).toEqual([])
})
