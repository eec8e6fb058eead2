import type { Payment } from './payment.ts'

/** What a payment names that intelligence may list. */
export const intelSubjects = [
  'ip',
  'account',
  'card',
  'payee',
  'merchant',
  'device',
  'email',
  'phone',
] as const
export type IntelSubject = (typeof intelSubjects)[number]

/** Traffic Light Protocol, 2.0 names; version 1's WHITE is CLEAR. Least shareable last. */
export const tlps = ['UNMARKED', 'CLEAR', 'GREEN', 'AMBER', 'AMBER_STRICT', 'RED'] as const
export type Tlp = (typeof tlps)[number]

/** An indicator that names something. */
export type Listing = {
  /** STIX id. */
  readonly id: string
  /** Who says so: the name of the identity that made the indicator, else its STIX id; empty if it does not say. */
  readonly source: string
  /** 0 to 100; NaN where the indicator states none. */
  readonly confidence: number
  /** Epoch ms of the indicator's version. */
  readonly modifiedAt: number
  readonly tlp: Tlp
}

/** The indicators that are known now. */
export type Intelligence = {
  /**
   * The strongest indicator that names the payment's subject and is valid at the time: the one of the highest
   * confidence, then the newest. null: none does.
   * @param at epoch ms
   */
  readonly find: (subject: IntelSubject, payment: Payment, at: number) => Listing | null
}

/** Reads what a subject is in a payment; null: the payment does not name it. */
export const intelSubjectOf: Readonly<Record<IntelSubject, (payment: Payment) => string | null>> = {
  ip: ({ ipAddress }) => ipAddress,
  account: ({ accountId }) => accountId,
  card: ({ cardToken }) => cardToken,
  payee: ({ payeeId }) => payeeId,
  merchant: ({ merchantId }) => merchantId,
  device: ({ deviceId }) => deviceId,
  email: ({ emailHash }) => emailHash,
  phone: ({ phoneHash }) => phoneHash,
}

/** What becomes of an object of intelligence; a closed set. */
export const intelResults = [
  'listed',
  'partly',
  'not_compiled',
  'revoked',
  'stale',
  'deleted',
  'ignored',
  'invalid',
] as const
export type IntelResult = (typeof intelResults)[number]

/** Why a pattern, or a part of it, is not compiled; a closed set. */
export const intelLosses = [
  'PATTERN_TYPE',
  'OPERATOR',
  'NEGATION',
  'SEQUENCE',
  'QUALIFIER',
  'OBJECT',
  'VALUE',
  'NEVER',
  'TOO_MANY',
  'CROWDED',
] as const
export type IntelLoss = (typeof intelLosses)[number]
