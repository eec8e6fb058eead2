import type { Redis } from 'ioredis'
import type { Fault } from './fault.ts'

/** What a Redis that answers can do wrong. @param redis a connection straight to it, not through a proxy */
export const faultsOfRedis = (redis: Redis) => ({
  /** Each write is refused with OOM; what is there can be read. */
  full: (): Fault => ({
    name: 'Redis is full',
    begin: async () => {
      await redis.config('SET', 'maxmemory', '1')
    },
    end: async () => {
      await redis.config('SET', 'maxmemory', '0')
    },
  }),
  /**
   * A master that became a replica: each write is refused with READONLY. Its master is nowhere, so that it keeps its
   * data.
   */
  readOnly: (): Fault => ({
    name: 'Redis is read-only',
    begin: async () => {
      await redis.replicaof('127.0.0.1', '1')
    },
    end: async () => {
      await redis.replicaof('NO', 'ONE')
    },
  }),
  /** It has lost all data, and answers as if nothing had been. */
  emptied: (): Fault => ({
    name: 'Redis has lost its data',
    begin: async () => {
      await redis.flushall()
    },
    end: async () => undefined,
  }),
})
