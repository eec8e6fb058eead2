import { randomInt } from 'node:crypto'

/** Something that nobody may find again, and where it was put. */
export type Plant = {
  readonly place: string
  readonly kind: 'card' | 'email' | 'phone'
  /** As it was written. */
  readonly text: string
}

const digits = (count: number): string => Array.from({ length: count }, () => randomInt(10)).join('')

/** The digit that makes the sum of ISO/IEC 7812-1, annex B, a multiple of ten. */
const checkDigit = (body: string): number => {
  const sum = [...body].toReversed().reduce((total, digit, at) => {
    const weighted = at % 2 === 0 ? 2 * Number(digit) : Number(digit)
    return total + Math.floor(weighted / 10) + (weighted % 10)
  }, 0)
  return (10 - (sum % 10)) % 10
}

/** Of Visa, sixteen digits, of no account: nobody else uses it in this run. */
const cardNumber = (): string => {
  const body = `4${digits(14)}`
  return `${body}${checkDigit(body)}`
}

const inFours = (number: string, separator: string): string => (number.match(/.{4}/g) ?? []).join(separator)

export type Planted = {
  readonly all: readonly Plant[]
  /** One number after the other: without separators, with spaces, with hyphens. */
  readonly card: (place: string) => string
  /** Without separators, where an id must have no space. */
  readonly bareCard: (place: string) => string
  readonly email: (place: string) => string
  readonly phone: (place: string) => string
}

export const createPlanted = (): Planted => {
  const all: Plant[] = []
  const plant = (place: string, kind: Plant['kind'], text: string): string => {
    all.push({ place, kind, text })
    return text
  }
  const separators = ['', ' ', '-']
  return {
    all,
    card: (place) =>
      plant(place, 'card', inFours(cardNumber(), separators[all.length % separators.length] ?? '')),
    bareCard: (place) => plant(place, 'card', cardNumber()),
    email: (place) => plant(place, 'email', `jane.${digits(8)}@leak${digits(4)}.example`),
    phone: (place) => plant(place, 'phone', `+4930${digits(8)}`),
  }
}
