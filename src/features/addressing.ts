import type { AccountEvent } from '../domain/accountEvent.ts'
import { entityToken, entityTypes, type EntityTokens } from '../domain/entity.ts'
import type { Received } from '../domain/received.ts'
import { hashOf, type EntityKey } from './entityKey.ts'
import type { Keys } from './keys.ts'
import type { PaymentHashes } from './record.ts'

/** In the order of `entityTypes`; null where there is none. */
export type Entities = readonly (EntityKey | null)[]

/** A payment with the places where its entities' histories are kept. */
export type Addressed = {
  readonly received: Received
  readonly hashes: PaymentHashes
  readonly entities: Entities
}

const tokenOf = entityTypes.map((type) => entityToken[type])

/** Finds the places of whatever names entities. */
export const createPlacing =
  (keys: Keys) =>
  (tokens: EntityTokens): Entities =>
    tokenOf.map((token, slot) => {
      const found = token(tokens)
      return found === null ? null : keys.entity(slot, found)
    })

/** Account events name no card and no merchant. */
export const tokensOfEvent = ({ accountId, deviceId, ipAddress, payeeId }: AccountEvent): EntityTokens => ({
  accountId,
  cardToken: null,
  deviceId,
  ipAddress,
  payeeId,
  merchantId: null,
})

/** Finds the places of a payment. */
export const createAddressing = (keys: Keys): ((received: Received) => Addressed) => {
  const place = createPlacing(keys)
  return (received) => {
    const { payment } = received
    const entities = place(payment)
    const id = keys.paymentHash(payment.paymentId)
    const hashes = {
      idLow: id.low,
      idHigh: id.high,
      entities: entities.map((entity) => (entity === null ? 0 : hashOf(entity))),
    }
    return { received, hashes, entities }
  }
}
