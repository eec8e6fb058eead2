import { networkText, parseNetwork } from '../address.ts'
import type { Term, TermKind } from '../term.ts'

/** Longest identifier, as in the records of payments. */
const keyLengthMax = 1_024

export type ValueDeps = {
  /** What a payment carries instead of the address or number: see docs/intelligence.md. */
  readonly hashContact: (contact: string) => string
  /** Of the key that members share identifiers under; null or left out: we share none. */
  readonly sharedKeyId?: string | null
}

/** The term that a value stands for; null: it is no such value. */
export type ReadValue = (value: string, deps: ValueDeps) => Term | null

const hex = /^(?:[0-9a-f]{2}){8,64}$/
const bare = (kind: TermKind, key: string): Term | null =>
  key === '' || key.length > keyLengthMax ? null : { kind, key, network: null }

export const readIp: ReadValue = (value) => {
  const network = parseNetwork(value.trim())
  return network === null ? null : { kind: 'ip', key: networkText(network), network }
}

/** Some publishers write addresses as domain names. */
export const readDomain: ReadValue = (value, deps) => {
  const name = value.trim().toLowerCase().replace(/\.$/, '')
  return readIp(name, deps) ?? (/^[^\s/:@]{1,253}$/.test(name) ? bare('domain', name) : null)
}

export const readEmail: ReadValue = (value, { hashContact }) => {
  const address = value.trim().toLowerCase()
  return /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(address) ? bare('email', hashContact(address)) : null
}

/** International form: a plus and up to fifteen digits, as E.164 has it. */
export const readPhone: ReadValue = (value, { hashContact }) => {
  const number = value.replace(/[\s().-]/g, '')
  return /^\+[1-9]\d{3,14}$/.test(number) ? bare('phone', hashContact(number)) : null
}

/** A hash that a payment carries as it stands. */
export const readContactHash =
  (kind: TermKind): ReadValue =>
  (value) =>
    hex.test(value.toLowerCase()) ? bare(kind, value.toLowerCase()) : null

/** A hash or a fingerprint, with colons or without. */
export const readHash =
  (kind: TermKind): ReadValue =>
  (value) => {
    const digits = value.replaceAll(':', '').toLowerCase()
    return hex.test(digits) ? bare(kind, digits) : null
  }

export const readToken =
  (kind: TermKind): ReadValue =>
  (value) =>
    bare(kind, value)
