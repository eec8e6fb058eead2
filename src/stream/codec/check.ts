import type { RefusalReason } from '../../domain/received.ts'

/** Why a value is not what it should be; says what was expected and never holds the value. */
export type Fault = {
  readonly reason: RefusalReason
  readonly detail: string
  /** Path of the field, `readings[2].state`; null where no field is at fault. */
  readonly field: string | null
}

/** Null if the value is a V. The optional property only carries V to the compiler. */
export type Check<V> = ((value: unknown) => Fault | null) & { readonly checked?: V }

/** One check for each field of T: a field that has none, or one for another type, does not compile. */
export type Checks<T> = { readonly [K in keyof T]-?: Check<T[K]> }

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was found, in words: kind and length, never the value. */
const found = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return `a text of ${value.length} characters`
  if (typeof value === 'number')
    return Number.isInteger(value) ? 'another whole number' : 'a number that is not whole'
  return Array.isArray(value) ? `a list of ${value.length}` : `a value of type ${typeof value}`
}

export const fault = (reason: RefusalReason, expected: string, value: unknown): Fault => ({
  reason,
  detail: `expected ${expected}, found ${found(value)}`,
  field: null,
})

export const wrongType = (expected: string, value: unknown): Fault =>
  value === undefined ? fault('MISSING_FIELD', expected, value) : fault('WRONG_TYPE', expected, value)

const within = (path: string, inner: Fault): Fault => ({
  ...inner,
  field: inner.field === null ? path : `${path}${inner.field.startsWith('[') ? '' : '.'}${inner.field}`,
})

/** A record whose fields all pass; `across` looks at the fields together once each has passed. */
export const record = <T>(
  checks: Checks<T>,
  across: (fields: Fields) => Fault | null = () => null,
): Check<T> => {
  const names = Object.keys(checks)
  const all: readonly Check<unknown>[] = Object.values(checks)
  return (value) => {
    if (!isFields(value)) return wrongType('a record', value)
    for (let i = 0; i < names.length; i++) {
      const name = names[i] ?? ''
      const inner = all[i]?.(value[name]) ?? null
      if (inner !== null) return within(name, inner)
    }
    return across(value)
  }
}

export const nullable =
  <V>(check: Check<V>): Check<V | null> =>
  (value) =>
    value === null ? null : check(value)

export const list =
  <V>(check: Check<V>, longest: number): Check<readonly V[]> =>
  (value) => {
    if (!Array.isArray(value)) return wrongType('a list', value)
    if (value.length > longest) return fault('INVALID_VALUE', `at most ${longest} entries`, value)
    for (let i = 0; i < value.length; i++) {
      const inner = check(value[i])
      if (inner !== null) return within(`[${i}]`, inner)
    }
    return null
  }
