import { entityToken, entityTypes } from '../domain/entity.ts'
import type { Received } from '../domain/received.ts'
import { createBoundedMap } from './boundedMap.ts'
import type { EntityKey, Keys } from './keys.ts'
import type { PaymentHashes } from './record.ts'

/** A payment with the places where its entities' histories are kept. */
export type Addressed = {
  readonly received: Received
  readonly hashes: PaymentHashes
  /** In the order of `entityTypes`; null where the payment has none. */
  readonly entities: readonly (EntityKey | null)[]
}

const tokenOf = entityTypes.map((type) => entityToken[type])

/** Enough for the payments that are between being remembered and being concluded. */
const recentPayments = 2_048

/** Finds the places of a payment; those of a recent one are at hand when its outcome is known. */
export const createAddressing = (keys: Keys): ((received: Received) => Addressed) => {
  const recent = createBoundedMap<string, Addressed>(recentPayments)

  const addressOf = (received: Received): Addressed => {
    const { payment } = received
    const entities = tokenOf.map((token, slot) => {
      const found = token(payment)
      return found === null ? null : keys.entity(slot, found)
    })
    const id = keys.paymentHash(payment.paymentId)
    const hashes = { idLow: id.low, idHigh: id.high, entities: entities.map((entity) => entity?.hash ?? 0) }
    return { received, hashes, entities }
  }

  return (received) => {
    const { payment } = received
    const earlier = recent.get(payment.paymentId)
    if (earlier?.received.payment === payment) return { ...earlier, received }
    const addressed = addressOf(received)
    recent.set(payment.paymentId, addressed)
    return addressed
  }
}
