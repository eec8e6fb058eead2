import { isIP } from 'node:net'
import { currencies } from '../../domain/currency.ts'
import { looksLikePan } from '../../domain/pan.ts'
import type { RefusalReason } from '../../domain/received.ts'
import { fault, wrongType, type Check, type Fault } from './check.ts'
import { countries } from './countries.ts'

const idPattern = /^[\x21-\x7e]{1,128}$/
const codePattern = /^[A-Z][A-Z0-9_]{0,63}$/

export const isId = (value: unknown): value is string => typeof value === 'string' && idPattern.test(value)

export const panFault = (value: unknown): Fault =>
  fault('PAN_DETECTED', 'a token that does not look like a card number', value)

/** An id or token: one word that is no card number. */
export const id: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  if (!idPattern.test(value))
    return fault('INVALID_ID', '1 to 128 printable ASCII characters without spaces', value)
  return looksLikePan(value) ? panFault(value) : null
}

/** Free text, possibly empty. */
export const text =
  (longest: number): Check<string> =>
  (value) => {
    if (typeof value !== 'string') return wrongType('a text', value)
    if (value.length > longest) return fault('INVALID_VALUE', `at most ${longest} characters`, value)
    return looksLikePan(value) ? panFault(value) : null
  }

/** A stable code: upper snake case. */
export const code: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return codePattern.test(value) ? null : fault('INVALID_VALUE', 'a code in upper snake case', value)
}

export const contactFault = (value: unknown): Fault =>
  fault('CONTACT_NOT_HASHED', 'a hash of 32 to 128 hexadecimal digits', value)

const contactHashPattern = /^[0-9a-f]{32,128}$/i

/** The hash of an e-mail address or a phone number; whatever else stands there may be the thing itself. */
export const contactHash: Check<string> = (value) => {
  if (typeof value === 'string' && contactHashPattern.test(value)) return null
  if (value === undefined) return wrongType('a hash', value)
  return typeof value === 'string' && looksLikePan(value) ? panFault(value) : contactFault(value)
}

const hashPattern = /^[\x21-\x7e]{0,128}$/

/** A hash as a machine made it, or nothing. Not looked at for card numbers: some hashes are all digits. */
export const hash: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return hashPattern.test(value)
    ? null
    : fault('INVALID_VALUE', 'up to 128 printable ASCII characters without spaces', value)
}

const hexadecimalPattern = /^[0-9a-f]{2,128}$/i

/** A proof; not looked at for card numbers either. */
export const hexadecimal: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return hexadecimalPattern.test(value) ? null : fault('INVALID_VALUE', 'up to 128 hexadecimal digits', value)
}

export const isCode = (value: unknown): value is string =>
  typeof value === 'string' && codePattern.test(value)

export const flag: Check<boolean> = (value) =>
  typeof value === 'boolean' ? null : wrongType('true or false', value)

export const symbol = <S extends string>(symbols: readonly S[]): Check<S> => {
  const known: ReadonlySet<unknown> = new Set(symbols)
  return (value) => {
    if (typeof value !== 'string') return wrongType('a text', value)
    return known.has(value) ? null : fault('INVALID_VALUE', `one of ${symbols.join(' ')}`, value)
  }
}

/** Whole numbers from `least` to `most`. */
export const integer =
  (least: number, most: number, reason: RefusalReason = 'INVALID_VALUE'): Check<number> =>
  (value) => {
    if (typeof value !== 'number') return wrongType('a number', value)
    return Number.isSafeInteger(value) && value >= least && value <= most
      ? null
      : fault(reason, `a whole number from ${least} to ${most}`, value)
  }

/** Any number; NaN where it stands for "not known". */
export const number: Check<number> = (value) =>
  typeof value === 'number' ? null : wrongType('a number', value)

export const between =
  (least: number, most: number, reason: RefusalReason = 'INVALID_VALUE'): Check<number> =>
  (value) => {
    if (typeof value !== 'number') return wrongType('a number', value)
    return value >= least && value <= most ? null : fault(reason, `a number from ${least} to ${most}`, value)
  }

export const earliestMs = Date.UTC(2000, 0, 1)
export const latestMs = Date.UTC(2200, 0, 1)

/** Epoch milliseconds in this century or the next; how far ahead of the record is for its decoder to say. */
export const moment: Check<number> = (value) => {
  if (typeof value !== 'number') return wrongType('epoch milliseconds', value)
  return Number.isSafeInteger(value) && value >= earliestMs && value < latestMs
    ? null
    : fault('INVALID_TIME', 'epoch milliseconds from the year 2000 on', value)
}

const largestAmountMinor = 1e13

/** Zero: a card is verified, nothing is paid. */
export const amountMinor = integer(0, largestAmountMinor, 'INVALID_AMOUNT')

export const attempt = integer(1, 255)

export const currency: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return currencies.has(value) ? null : fault('UNKNOWN_CURRENCY', 'an alphabetic code of ISO 4217', value)
}

const mccPattern = /^\d{4}$/

export const mcc: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return mccPattern.test(value) ? null : fault('INVALID_VALUE', 'four digits (ISO 18245)', value)
}

export const country: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return countries.has(value) ? null : fault('INVALID_PLACE', 'an alpha-2 code of ISO 3166-1 or XK', value)
}

/** A zone (`fe80::1%eth0`) means something on one machine only. */
export const ipAddress: Check<string> = (value) => {
  if (typeof value !== 'string') return wrongType('a text', value)
  return isIP(value) !== 0 && !value.includes('%')
    ? null
    : fault('INVALID_VALUE', 'an IPv4 or IPv6 address', value)
}
