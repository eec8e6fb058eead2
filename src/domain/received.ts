import type { Payment } from './payment.ts'

/** Kafka headers as they came: the switch's own are given back with the decision. */
export type Headers = Readonly<Record<string, Buffer | string | undefined>>

/** Where a record stood in Kafka. It identifies a delivery; the payment's own identity is paymentId and attempt. */
export type Source = {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Kafka's record timestamp, epoch milliseconds. */
  readonly timestamp: number
  readonly headers: Headers
}

/** A payment that passed decoding and validation. */
export type Received = {
  readonly payment: Payment
  readonly source: Source
  /** min(occurredAt, record timestamp), epoch milliseconds: the time in all histories and windows. */
  readonly effectiveAt: number
  /** Keyed 64-bit hash of the payment's canonical Avro body, 16 hexadecimal digits. */
  readonly contentHash: string
  /** Monotonic milliseconds (performance.now) at which the payment entered `eachBatch`: the own part starts here. */
  readonly enteredAt: number
}

/**
 * Why a record cannot be a payment. Nothing of it is lost: bytes and headers go to the dead-letter topic, unless they
 * hold a PAN (PAN_DETECTED) or an e-mail address or a phone number in clear (CONTACT_NOT_HASHED).
 */
export const refusalReasons = [
  'EMPTY',
  'OVERSIZED',
  'UNKNOWN_SCHEMA',
  'MALFORMED',
  'MISSING_FIELD',
  'WRONG_TYPE',
  'INVALID_ID',
  'INVALID_AMOUNT',
  'UNKNOWN_CURRENCY',
  'INVALID_TIME',
  'TIME_IN_FUTURE',
  'INVALID_PLACE',
  'INVALID_VALUE',
  'PAN_DETECTED',
  'CONTACT_NOT_HASHED',
  'FEEDBACK_NOT_PROVEN',
] as const
export type RefusalReason = (typeof refusalReasons)[number]

export type Refused = {
  readonly source: Source
  readonly key: Buffer | null
  /** The record's bytes; null when they hold what looks like a PAN, or a contact in clear, and so must not be kept. */
  readonly bytes: Buffer | null
  readonly byteLength: number
  readonly reason: RefusalReason
  /** What was expected and what was found, without the value itself. */
  readonly detail: string
  /** The field at fault, where one is known. */
  readonly field: string | null
  /** Still readable from the record or its `payment-id` header; never something that looks like a PAN. */
  readonly paymentId: string | null
  readonly attempt: number | null
  readonly accountId: string | null
  readonly enteredAt: number
}
