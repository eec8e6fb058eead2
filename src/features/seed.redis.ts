import type { Redis } from 'ioredis'
import { createAddressing } from './addressing.ts'
import { paymentAppends } from './appends.ts'
import type { Concluded, ToBase } from './histories.ts'
import type { Keys } from './keys.ts'
import { createLogs } from './logs.redis.ts'

export type SeedDeps = {
  readonly redis: Redis
  readonly keys: Keys
  readonly toBase: ToBase
  /** How long an entity that is not seen again is remembered. */
  readonly expiryMs?: number
}

/** Appends payments of the past, in time order, with their outcomes. Rejects as Redis does. */
export type Seed = (batch: readonly Concluded[]) => Promise<void>

const dayMs = 86_400_000

/**
 * Fills histories that nobody reads yet: each log once a call and nothing read back, so the larger the batch the
 * cheaper a payment. An outcome goes into the payment's own record.
 */
export const createRedisSeed = ({ redis, keys, toBase, expiryMs = 120 * dayMs }: SeedDeps): Seed => {
  const address = createAddressing(keys)
  const logs = createLogs(redis)
  return async (batch) => {
    const amounts = batch.map(({ received: { payment, effectiveAt } }) =>
      toBase(payment.amountMinor, payment.currency, effectiveAt),
    )
    const appends = paymentAppends(
      batch.map(({ received }) => address(received)),
      amounts,
      batch.map(({ outcome }) => outcome),
    )
    const request = {
      size: appends.recordBytes,
      logs: appends.touched.map(({ entity }) => entity.key),
      records: appends.touched.map(({ records }) => records),
      known: appends.touched.map(() => -1),
      folds: appends.touched.map(() => 0),
      prolong: appends.touched.map(() => 0 as const),
      expiry: expiryMs,
      now: '',
      markers: [],
      since: [],
      devices: [],
      stamps: [],
    }
    await logs.appendAndRead(request, appends.records)
  }
}
