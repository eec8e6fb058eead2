import type { ChainableCommander } from 'ioredis'
import type { Received } from '../../src/domain/received.ts'
import { replies } from '../pipeline.redis.ts'
import {
  addTo,
  bucketOf,
  countField,
  isHash,
  readWindows,
  resolutions,
  sumField,
  type Hash,
  type Resolution,
} from './buckets.ts'
import { byKey, featureAt, featureNames, keysOf, type OpenContestant } from './contestant.ts'

const hashKey = (key: string, { letter }: Resolution, hash: number): string => `${key}:${letter}${hash}`

/** As long as a window can reach into the hash. */
const lifeMs = ({ hashMs }: Resolution): number => 2 * hashMs

const add = (pipeline: ChainableCommander, key: string, { bucket, count, sum }: Bucket): void => {
  pipeline.hincrby(key, countField(bucket), count)
  pipeline.hincrby(key, sumField(bucket), sum)
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

/** The hashes in which the windows of these payments lie, each once. */
const hashesOf = (resolution: Resolution, payments: readonly Received[]): ReadonlySet<number> =>
  new Set(
    payments.flatMap(({ effectiveAt }) => {
      const { hash } = bucketOf(resolution, effectiveAt)
      return [hash, hash - 1]
    }),
  )

/** Hashes as they were before a batch, by their keys. */
type Read = { readonly keys: string[]; readonly pipeline: ChainableCommander }

/** Reads each hash of a batch once, before anything is added to it, and adds to each bucket once. */
const readAndRemember = ({ keys, pipeline }: Read, batch: readonly Received[]): void => {
  const groups = [...byKey(batch)]
  for (const [key, payments] of groups)
    for (const resolution of resolutions)
      for (const hash of hashesOf(resolution, payments)) {
        keys.push(hashKey(key, resolution, hash))
        pipeline.hgetall(hashKey(key, resolution, hash))
      }
  for (const [key, payments] of groups)
    for (const resolution of resolutions) {
      const written = new Set<string>()
      for (const bucket of bucketsOf(resolution, payments)) {
        const into = hashKey(key, resolution, bucket.hash)
        add(pipeline, into, bucket)
        written.add(into)
      }
      for (const each of written) pipeline.pexpire(each, lifeMs(resolution))
    }
}

const hashOf = (reply: unknown): Hash => {
  if (!isHash(reply)) throw new TypeError('Redis answered with something else than the fields of a hash')
  return reply
}

/** Payments of a batch see those before them: their buckets are added here, in their order. */
const rowOf = (received: Received, hashes: ReadonlyMap<string, Hash>): Float64Array => {
  const row = new Float64Array(featureNames.length)
  keysOf(received).forEach((key, entity) => {
    for (const resolution of resolutions) {
      const { hash, bucket } = bucketOf(resolution, received.effectiveAt)
      const current = hashOf(hashes.get(hashKey(key, resolution, hash)))
      const previous = hashOf(hashes.get(hashKey(key, resolution, hash - 1)))
      addTo(current, bucket, 1, received.payment.amountMinor)
      readWindows(resolution, received.effectiveAt, current, previous, row, featureAt(entity))
    }
  })
  return row
}

/**
 * Hashes for each entity with a count and a sum for each minute, hour and day. A field cannot lapse in Redis 7.0, so
 * the hashes are of an hour, a day and thirty days, and lapse as a whole. One write a batch.
 */
export const openHashBuckets: OpenContestant = (redis, { asOf }) =>
  Promise.resolve({
    prefill: async (past) => {
      const pipeline = redis.pipeline()
      for (const [key, payments] of byKey(past))
        for (const resolution of resolutions)
          for (const bucket of bucketsOf(resolution, payments)) {
            const leftMs = (bucket.hash + 1) * resolution.hashMs + resolution.hashMs - asOf
            if (leftMs <= 0) continue
            add(pipeline, hashKey(key, resolution, bucket.hash), bucket)
            pipeline.pexpire(hashKey(key, resolution, bucket.hash), lifeMs(resolution))
          }
      await replies(pipeline)
    },
    process: async (batch) => {
      const read: Read = { keys: [], pipeline: redis.pipeline() }
      readAndRemember(read, batch)
      const answers = await replies(read.pipeline)
      const hashes = new Map(read.keys.map((key, i) => [key, hashOf(answers[i])]))
      return batch.map((received) => rowOf(received, hashes))
    },
    heldBytes: () => 0,
    close: () => Promise.resolve(),
  })
