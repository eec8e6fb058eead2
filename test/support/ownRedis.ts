import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { declareCovered } from '../../src/features/coverage.redis.ts'
import { connect } from './redisStores.ts'
import { startServers, type Servers } from './servers.ts'

/** A Redis server and a connection of a test file's own, once its tests run. */
export type OwnRedis = {
  readonly servers: Servers
  readonly redis: Redis
  /** Nothing is in it, and its histories are complete from `coveredSince` on. */
  empty(): Promise<void>
}

/** Starts it before the tests of the file and empties it before each of them. @param coveredSince epoch ms */
export const useOwnRedis = (coveredSince: number): OwnRedis => {
  let started: { readonly servers: Servers; readonly redis: Redis } | null = null
  const own = () => {
    if (started === null)
      throw new Error('the server is started before the tests, not while they are collected')
    return started
  }
  const empty = async (): Promise<void> => {
    await own().redis.flushall()
    await declareCovered(own().redis, coveredSince)
  }
  beforeAll(async () => {
    const servers = await startServers({ only: 'redis' })
    started = { servers, redis: await connect(servers.redisUrl) }
  })
  beforeEach(empty)
  afterAll(async () => {
    own().redis.disconnect()
    await own().servers.close()
  })
  return {
    get servers() {
      return own().servers
    },
    get redis() {
      return own().redis
    },
    empty,
  }
}
