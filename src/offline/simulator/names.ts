import { createHash } from 'node:crypto'

/** Makes identifiers that no other part of the world, and no run with another prefix, can make. */
export type Names = {
  readonly account: (index: number) => string
  readonly merchant: (index: number) => string
  /** The account of a person in this world, seen as somebody's payee. */
  readonly personPayee: (index: number) => string
  readonly businessPayee: (index: number) => string
  readonly emailHash: (index: number) => string
  readonly phoneHash: (index: number) => string
  readonly next: (kind: CountedKind) => string
}

const countedKinds = {
  payment: 'pay',
  card: 'card',
  device: 'dev',
  session: 'ses',
  payee: 'pye',
  report: 'rep',
  event: 'evt',
  feedback: 'fbk',
  email: 'eml',
} as const
type CountedKind = keyof typeof countedKinds

/**
 * A one-to-one shuffle of 32-bit numbers (odd multipliers and a shift, as hash finalisers use them): what is made
 * first, such as a crime before the day's ordinary payments, must not show in the identifiers.
 */
const shuffled = (count: number): number => {
  const once = Math.imul(count, 0x9e3779b1)
  return Math.imul(once ^ (once >>> 15), 0x85ebca6b) >>> 0
}

/** As a switch makes it of an address or a number. */
const contactHash = (contact: string): string => createHash('sha256').update(contact).digest('hex')

export const createNames = (prefix: string): Names => {
  const counts = new Map<CountedKind, number>()
  const indexed =
    (kind: string) =>
    (index: number): string =>
      `${kind}-${prefix}-${index}`
  return {
    account: indexed('acc'),
    merchant: indexed('mer'),
    personPayee: indexed('pye-person'),
    businessPayee: indexed('pye-firm'),
    emailHash: (index) => contactHash(indexed('eml-person')(index)),
    phoneHash: (index) => contactHash(indexed('tel-person')(index)),
    next: (kind) => {
      const count = (counts.get(kind) ?? 0) + 1
      counts.set(kind, count)
      const name = `${countedKinds[kind]}-${prefix}-${shuffled(count)}`
      return kind === 'email' ? contactHash(name) : name
    },
  }
}
