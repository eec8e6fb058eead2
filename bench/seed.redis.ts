import type { SimPayment } from '../src/offline/simulator/simEvent.ts'
import { createToBase } from '../src/features/baseCurrency.ts'
import { connectRedis, redisReady } from '../src/features/connection.redis.ts'
import { declareCovered } from '../src/features/coverage.redis.ts'
import { createRedisDeviceStates } from '../src/features/deviceStates.redis.ts'
import { createHasher } from '../src/features/hashing.ts'
import { createKeys } from '../src/features/keys.ts'
import { createRedisSeed } from '../src/features/seed.redis.ts'
import { createPaymentCodec } from '../src/stream/codec/payment.ts'
import type { Schemas } from '../src/stream/codec/schemas.ts'
import type { Part } from './stream.ts'

export type Seeder = {
  /** Says that all histories are complete from then on (epoch ms). */
  readonly coverSince: (at: number) => Promise<void>
  /** Appends the payments of the past with their outcomes, and what the devices told. */
  readonly remember: (part: Part) => Promise<void>
  /** What the devices told; their payments are sent by somebody else. */
  readonly tell: (part: Part) => Promise<void>
  readonly memoryMib: () => Promise<number>
  readonly close: () => void
}

export type SeederOptions = { readonly redisUrl: string; readonly hashKey: Buffer; readonly schemas: Schemas }

const reportsPerCall = 1_000

export const createSeeder = async ({ redisUrl, hashKey, schemas }: SeederOptions): Promise<Seeder> => {
  const failures: Error[] = []
  const redis = connectRedis({ url: redisUrl, name: 'sluice:bench', onError: (error) => failures.push(error) })
  await redisReady(redis)
  const hasher = createHasher(hashKey)
  const keys = createKeys(hasher)
  const codec = createPaymentCodec(schemas)
  const seed = createRedisSeed({ redis, keys, toBase: createToBase({ currency: 'EUR', rates: [] }) })
  const devices = createRedisDeviceStates({ redis, keys, hasher })
  let offset = 0

  // An own partition number: these payments never came through the topic.
  const concludedOf = ({ payment, truth }: SimPayment) => ({
    received: {
      payment,
      source: { topic: 'seed', partition: 0, offset: offset++, timestamp: payment.occurredAt, headers: {} },
      effectiveAt: payment.occurredAt,
      contentHash: hasher.hashContent(codec.body(payment)),
      enteredAt: 0,
    },
    outcome: truth.fraud ? ('BLOCK' as const) : ('ALLOW' as const),
  })

  const tell = async ({ reports }: Part): Promise<void> => {
    for (let from = 0; from < reports.length; from += reportsPerCall)
      await devices.apply(reports.slice(from, from + reportsPerCall))
  }

  return {
    coverSince: (at) => declareCovered(redis, at),
    remember: async (part) => {
      await seed(part.payments.map(concludedOf))
      await tell(part)
    },
    tell,
    memoryMib: async () => {
      const used = /used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]
      return Number(used) / 2 ** 20
    },
    close: () => redis.disconnect(),
  }
}
