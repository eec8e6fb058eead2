/**
 * Reason codes by their number in a set of reasons. Append only: histories hold such sets. At most 52, so that the sum
 * of 2^number over any of them is an exact double.
 */
export const numberedReasons = [
  'MODEL_SCORE',
  'MODEL_UNAVAILABLE',
  'FACTS_UNKNOWN',
  'DEGRADED_INPUTS',
  'LATE',
  'REMOTE_CONTROL',
  'SMS_READ_BY_APP',
  'DEVICE_COMPROMISED',
  'DEVICE_UNGUARDED',
  'DEVICE_VULNERABLE',
  'DEVICE_CONDITION',
  'ATTESTATION_REPLAYED',
  'ATTESTATION_FAILED',
  'DEVICE_SILENT',
  'WEAK_PROTECTION',
  'NEW_DEVICE',
  'DEVICE_MANY_ACCOUNTS',
  'SIM_CHANGED',
  'CARD_TESTING',
  'MANY_CARDS_ONE_SOURCE',
  'ACCOUNT_TAKEOVER',
  'MULE_PAYEE',
  'MERCHANT_RISK',
  'KNOWN_BAD_PAYEE',
  'KNOWN_BAD_SOURCE',
  'CONFIRMED_FRAUD',
  'UNUSUAL_AMOUNT',
  'UNUSUAL_FREQUENCY',
  'UNUSUAL_TIME',
  'UNUSUAL_PAYMENT',
  'NEW_PAYEE',
  'CREDENTIALS_CHANGED',
  'IMPOSSIBLE_TRAVEL',
  'UNUSUAL_PLACE',
  'PAYEE_PLACE',
  'STEP_UP_FAILED',
  'LISTED',
  'AMOUNT_LIMIT',
  'COUNT_LIMIT',
  'LOGIN_LIMIT',
] as const

/** A set of reasons as one number: the sum of 2^n over their numbers. 0 is the empty set. */
export type ReasonSet = number

const bitOf: ReadonlyMap<string, number> = new Map(numberedReasons.map((code, n) => [code, 2 ** n]))

/** Codes without a number are in no set. */
export const reasonSetOf = (codes: readonly string[]): ReasonSet => {
  let set = 0
  for (const code of codes) set = unionOf(set, bitOf.get(code) ?? 0)
  return set
}

const halfBits = 2 ** 32

export const unionOf = (a: ReasonSet, b: ReasonSet): ReasonSet =>
  (Math.floor(a / halfBits) | Math.floor(b / halfBits)) * halfBits + ((a | b) >>> 0)

/** Whether the set holds the code; not where the set is not known (NaN). */
export const holdsReason = (set: ReasonSet, code: string): boolean => {
  const bit = bitOf.get(code)
  return bit !== undefined && Math.floor(set / bit) % 2 === 1
}
