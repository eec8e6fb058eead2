import type { Redis } from 'ioredis'
import { entityToken, entityTypes, type EntityType } from '../../src/domain/entity.ts'
import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'
import { createAvailability } from '../../src/features/availability.redis.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { createRedisHistories } from '../../src/features/histories.redis.ts'
import type { Histories } from '../../src/features/histories.ts'
import { createKeys } from '../../src/features/keys.ts'
import { compileFeatures, defaultRetentionMs } from '../../src/features/plan.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import { everyFeature } from './everyFeature.ts'

/** What a payment gets from two stores, one feature after the other. */
export type Compared = {
  readonly payment: Payment
  readonly name: string
  readonly here: number
  readonly there: number
}

const plan = compileFeatures(everyFeature(['24h', '30d']), { retentionMs: defaultRetentionMs })
const batchSize = 64

export type Twin = { readonly histories: Histories; readonly close: () => Promise<void> }

/** An instance as a processor has one, without caches of before. */
export const openTwin = (redis: Redis, hashKey: string): Twin => {
  const hasher = createHasher(Buffer.from(hashKey, 'hex'))
  const availability = createAvailability({ redis, commandTimeoutMs: 10_000 })
  const histories = createRedisHistories({
    redis,
    availability,
    keys: createKeys(hasher),
    toBase: (amountMinor, currency) => (currency === 'EUR' ? amountMinor : NaN),
    now: Date.now,
  })
  return {
    histories,
    close: async () => {
      await histories.close()
      availability.close()
    },
  }
}

/** The payment as the consumer would hand it on. */
export const receiver = (
  schemas: Schemas,
  hashKey: string,
): ((payment: Payment, offset: number) => Received) => {
  const codec = createPaymentCodec(schemas)
  const { hashContent } = createHasher(Buffer.from(hashKey, 'hex'))
  return (payment, offset) => ({
    payment,
    source: { topic: 'payments', partition: 9, offset, timestamp: payment.occurredAt, headers: {} },
    effectiveAt: payment.occurredAt,
    contentHash: hashContent(codec.body(payment)),
    enteredAt: 0,
  })
}

/** All features of each payment, in both stores; each of them remembers the payments. */
export const compareTwins = async (
  here: Twin,
  there: Twin,
  payments: readonly Received[],
): Promise<readonly Compared[]> => {
  const compared: Compared[] = []
  const rows = [new Float64Array(plan.names.length), new Float64Array(plan.names.length)] as const
  for (let from = 0; from < payments.length; from += batchSize) {
    const batch = payments.slice(from, from + batchSize)
    const outcomes = batch.map(() => 'ALLOW' as const)
    const recalledHere = await here.histories.remember(batch, outcomes)
    const recalledThere = await there.histories.remember(batch, outcomes)
    batch.forEach(({ payment }, i) => {
      const [a, b] = [recalledHere[i], recalledThere[i]]
      if (a === undefined || b === undefined) throw new Error('a store lost a payment')
      plan.compute(a, rows[0])
      plan.compute(b, rows[1])
      plan.names.forEach((name, at) =>
        compared.push({ payment, name, here: rows[0][at] ?? NaN, there: rows[1][at] ?? NaN }),
      )
    })
  }
  return compared
}

const roundingShare = 1e-9

const agree = ({ here, there }: Compared): boolean =>
  Object.is(here, there) || Math.abs(here - there) <= roundingShare * Math.max(1, Math.abs(there))

/** Where the two do not agree, but for the order in which the payments of several partitions were added up. */
export const differences = (compared: readonly Compared[]): readonly Compared[] =>
  compared.filter((each) => !agree(each))

/** The first few, short enough for a report. */
export const told = (compared: readonly Compared[]): readonly string[] =>
  compared
    .slice(0, 10)
    .map(({ payment, name, here, there }) => `${payment.paymentId} ${name}: ${here}, not ${there}`)

/** Tells by how many payments the entity of the feature was met: folded histories are not exact. */
export const countTokens = (payments: readonly Payment[]): ((each: Compared) => number) => {
  const counts = new Map<string, number>()
  const tokenOf = (type: EntityType, payment: Payment): string => `${type} ${entityToken[type](payment)}`
  for (const payment of payments)
    for (const type of entityTypes)
      if (entityToken[type](payment) !== null)
        counts.set(tokenOf(type, payment), (counts.get(tokenOf(type, payment)) ?? 0) + 1)
  return ({ payment, name }) => {
    const entity = entityTypes.find((type) => name.startsWith(type))
    return entity === undefined ? 0 : (counts.get(tokenOf(entity, payment)) ?? 0)
  }
}
