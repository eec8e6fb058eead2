import { entityToken, entityTypes } from '../domain/entity.ts'
import type { Received } from '../domain/received.ts'
import type { EntityKey } from './entityKey.ts'
import type { Keys } from './keys.ts'
import type { PaymentHashes } from './record.ts'

/** A payment with the places where its entities' histories are kept. */
export type Addressed = {
  readonly received: Received
  readonly hashes: PaymentHashes
  /** In the order of `entityTypes`; null where the payment has none. */
  readonly entities: readonly (EntityKey | null)[]
}

const tokenOf = entityTypes.map((type) => entityToken[type])

/** Finds the places of a payment. */
export const createAddressing =
  (keys: Keys) =>
  (received: Received): Addressed => {
    const { payment } = received
    const entities = tokenOf.map((token, slot) => {
      const found = token(payment)
      return found === null ? null : keys.entity(slot, found)
    })
    const id = keys.paymentHash(payment.paymentId)
    const hashes = { idLow: id.low, idHigh: id.high, entities: entities.map((entity) => entity?.hash ?? 0) }
    return { received, hashes, entities }
  }
