import type { Redis } from 'ioredis'
import { replies } from '../pipeline.redis.ts'

const keysAtOnce = 1_000

/**
 * Bytes that the keys of a database take: names, values and their entries, the one among keys that lapse apart. Added
 * up key by key: what the whole server uses also changes with connections and buffers.
 */
export const readDataBytes = async (redis: Redis): Promise<number> => {
  let bytes = 0
  let cursor = '0'
  do {
    const [next, keys] = await redis.scan(cursor, 'COUNT', keysAtOnce)
    const pipeline = redis.pipeline()
    for (const key of keys) pipeline.memory('USAGE', key, 'SAMPLES', 0)
    for (const usage of await replies(pipeline)) bytes += Number(usage)
    cursor = next
  } while (cursor !== '0')
  return bytes
}
