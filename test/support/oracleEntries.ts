import type { EntityType } from '../../src/domain/entity.ts'

export type OraclePayment = {
  readonly paymentId: string
  readonly attempt: number
  readonly contentHash: string
  readonly effectiveAt: number
  /** NaN: no rate. */
  readonly amount: number
  readonly entities: Readonly<Record<EntityType, string | null>>
  readonly place: { readonly latitude: number; readonly longitude: number } | null
}

type OracleEntities = OraclePayment['entities']

export type OracleEntry =
  | { readonly kind: 'payment'; readonly payment: OraclePayment; readonly outcome: string }
  | {
      readonly kind: 'outcome'
      readonly payment: OraclePayment
      /** false: the outcome names the payment's id and attempt only. */
      readonly contentKnown: boolean
      readonly outcome: string
      /** Of a STEP_UP whose content is known: what it was asked for, as a sum of 2^number. */
      readonly reasons?: number
    }
  | {
      readonly kind: 'label'
      readonly paymentId: string
      readonly entities: OracleEntities
      /** FRAUD or GENUINE; any other says nothing. */
      readonly label: string
      readonly knownAt: number
      /** Of the payment, which need not be in the log. */
      readonly occurredAt: number
    }
  | {
      readonly kind: 'event'
      readonly event: string
      readonly eventId: string
      readonly entities: OracleEntities
      readonly at: number
    }

export const entitiesOf = (entry: OracleEntry): OracleEntities =>
  entry.kind === 'payment' || entry.kind === 'outcome' ? entry.payment.entities : entry.entities
