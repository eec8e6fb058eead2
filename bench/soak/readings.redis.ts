import type { Redis } from 'ioredis'
import { setTimeout as delay } from 'node:timers/promises'
import { replies } from '../pipeline.redis.ts'

const keysAtOnce = 1_000

/** Lengths of all strings together. */
export const readLogBytes = async (redis: Redis): Promise<number> => {
  let bytes = 0
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', keysAtOnce)
    const pipeline = redis.pipeline()
    for (const key of keys) pipeline.strlen(key)
    for (const length of await replies(pipeline)) bytes += Number(length)
    cursor = next
  } while (cursor !== '0')
  return bytes
}

/** Bytes of all that is kept, by the server's own count. */
export const readDatasetBytes = async (redis: Redis): Promise<number> =>
  Number(/^used_memory_dataset:(\d+)/m.exec(await redis.info('memory'))?.[1] ?? NaN)

const quietMs = 300

/** Resolves when `count` has not changed for a while. */
export const untilQuiet = async (count: () => number): Promise<void> => {
  for (let before = -1; before !== count();) {
    before = count()
    await delay(quietMs)
  }
}
