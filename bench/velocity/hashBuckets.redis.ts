import type { ChainableCommander } from 'ioredis'
import type { Received } from '../../src/domain/received.ts'
import {
  bucketOf,
  countField,
  isHash,
  readWindows,
  resolutions,
  sumField,
  type Hash,
  type Resolution,
} from './buckets.ts'
import { byKey, entities, featureAt, featureNames, keysOf, type OpenContestant } from './contestant.ts'
import { replies } from '../pipeline.redis.ts'

const hashKey = (key: string, { letter }: Resolution, hash: number): string => `${key}:${letter}${hash}`

/** As long as a window can reach into the hash. */
const lifeMs = ({ hashMs }: Resolution): number => 2 * hashMs

const add = (pipeline: ChainableCommander, key: string, bucket: number, count: number, sum: number): void => {
  pipeline.hincrby(key, countField(bucket), count)
  pipeline.hincrby(key, sumField(bucket), sum)
}

const commandsAResolution = 5

const rememberAndRead = (pipeline: ChainableCommander, key: string, received: Received): void => {
  for (const resolution of resolutions) {
    const { hash, bucket } = bucketOf(resolution, received.effectiveAt)
    const current = hashKey(key, resolution, hash)
    add(pipeline, current, bucket, 1, received.payment.amountMinor)
    pipeline.pexpire(current, lifeMs(resolution))
    pipeline.hgetall(current)
    pipeline.hgetall(hashKey(key, resolution, hash - 1))
  }
}

const hashOf = (reply: unknown): Hash => {
  if (!isHash(reply)) throw new TypeError('Redis answered with something else than the fields of a hash')
  return reply
}

type Bucket = { readonly hash: number; readonly bucket: number; count: number; sum: number }

const bucketsOf = (resolution: Resolution, payments: readonly Received[]): Iterable<Bucket> => {
  const buckets = new Map<number, Bucket>()
  for (const { effectiveAt, payment } of payments) {
    const { hash, bucket } = bucketOf(resolution, effectiveAt)
    const number = hash * resolution.bucketsAHash + bucket
    const held = buckets.get(number) ?? { hash, bucket, count: 0, sum: 0 }
    held.count += 1
    held.sum += payment.amountMinor
    buckets.set(number, held)
  }
  return buckets.values()
}

/**
 * Hashes for each entity with a count and a sum for each minute, hour and day. A field cannot lapse in Redis 7.0, so
 * the hashes are of an hour, a day and thirty days, and lapse as a whole.
 */
export const openHashBuckets: OpenContestant = (redis, { asOf }) =>
  Promise.resolve({
    prefill: async (past) => {
      const pipeline = redis.pipeline()
      for (const [key, payments] of byKey(past))
        for (const resolution of resolutions)
          for (const { hash, bucket, count, sum } of bucketsOf(resolution, payments)) {
            const leftMs = (hash + 1) * resolution.hashMs + resolution.hashMs - asOf
            if (leftMs <= 0) continue
            add(pipeline, hashKey(key, resolution, hash), bucket, count, sum)
            pipeline.pexpire(hashKey(key, resolution, hash), lifeMs(resolution))
          }
      await replies(pipeline)
    },
    process: async (batch) => {
      const pipeline = redis.pipeline()
      for (const received of batch)
        for (const key of keysOf(received)) rememberAndRead(pipeline, key, received)
      const answers = await replies(pipeline)
      let answered = 0
      return batch.map((received) => {
        const row = new Float64Array(featureNames.length)
        for (let entity = 0; entity < entities.length; entity++)
          for (const resolution of resolutions) {
            const current = hashOf(answers[answered + commandsAResolution - 2])
            const previous = hashOf(answers[answered + commandsAResolution - 1])
            readWindows(resolution, received.effectiveAt, current, previous, row, featureAt(entity))
            answered += commandsAResolution
          }
        return row
      })
    },
    heldBytes: () => 0,
    close: () => Promise.resolve(),
  })
