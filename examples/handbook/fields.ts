import type { Payment } from '../../src/domain/payment.ts'
import type { RiskFeedback } from '../../src/domain/feedback.ts'
import type { Label } from '../../src/offline/files/formats.ts'
import type { Transaction } from './transaction.ts'

/** Columns of a file, in their order, with what stands in each for one transaction; the others are null. */
export type Fields<T> = readonly (readonly [
  column: keyof T & string,
  valueOf: (from: Transaction) => string | number,
])[]

/** The handbook's delay: what a payment was is known seven days after it. */
const labelDelayMs = 7 * 86_400_000

const paymentId = (from: Transaction): string => from.TRANSACTION_ID
const occurredAt = (from: Transaction): number => from.TX_DATETIME
const knownAt = (from: Transaction): number => from.TX_DATETIME + labelDelayMs
const accountId = (from: Transaction): string => from.CUSTOMER_ID
const merchantId = (from: Transaction): string => from.TERMINAL_ID

export const paymentFields: Fields<Payment> = [
  ['paymentId', paymentId],
  ['occurredAt', occurredAt],
  ['amountMinor', (from) => from.TX_AMOUNT],
  // The handbook names no currency: the one that needs no rates by default.
  ['currency', () => 'EUR'],
  ['channel', () => 'POS'],
  ['method', () => 'CARD'],
  ['accountId', accountId],
  ['merchantId', merchantId],
]

/** For frauds only. */
export const feedbackFields: Fields<RiskFeedback> = [
  ['feedbackId', (from) => `fraud-${from.TRANSACTION_ID}`],
  ['paymentId', paymentId],
  ['occurredAt', occurredAt],
  ['knownAt', knownAt],
  ['kind', () => 'FRAUD_CONFIRMED'],
  ['source', () => 'handbook'],
  ['accountId', accountId],
  ['merchantId', merchantId],
]

export const labelFields: Fields<Label> = [
  ['paymentId', paymentId],
  ['occurredAt', occurredAt],
  ['accountId', accountId],
  ['fraud', (from) => (from.TX_FRAUD ? 1 : 0)],
  ['knownAt', knownAt],
]
