/** An object as JSON gives it; only fields of its own are ever read. */
export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A field of its own, whatever the object inherits. */
export const fieldOf = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined

/** What is wrong with an object, in words that do not repeat its values. */
export class StixError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'StixError'
  }
}

const wrong = (name: string, expected: string): never => {
  throw new StixError(`${name}: expected ${expected}`)
}

const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/** Epoch ms of a STIX timestamp; null where the field is not there. @throws StixError */
export const timeField = (fields: Fields, name: string): number | null => {
  const value = fieldOf(fields, name)
  if (value === undefined) return null
  const time = typeof value === 'string' && timestamp.test(value) ? Date.parse(value) : NaN
  return Number.isNaN(time) ? wrong(name, 'a time such as 2026-01-31T12:00:00.000Z') : time
}

/** @throws StixError */
export const textField = (fields: Fields, name: string, lengthMax: number): string | null => {
  const value = fieldOf(fields, name)
  if (value === undefined) return null
  return typeof value === 'string' && value.length <= lengthMax
    ? value
    : wrong(name, `a text of at most ${lengthMax} characters`)
}

/** @throws StixError */
export const wholeField = (fields: Fields, name: string, min: number, max: number): number | null => {
  const value = fieldOf(fields, name)
  if (value === undefined) return null
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
    ? value
    : wrong(name, `a whole number from ${min} to ${max}`)
}

/** @throws StixError */
export const flagField = (fields: Fields, name: string): boolean => {
  const value = fieldOf(fields, name)
  if (value === undefined) return false
  return typeof value === 'boolean' ? value : wrong(name, 'true or false')
}

/** @throws StixError */
export const textsField = (fields: Fields, name: string, countMax: number): readonly string[] => {
  const value = fieldOf(fields, name)
  if (value === undefined) return []
  const isTexts = (list: unknown): list is readonly string[] =>
    Array.isArray(list) && list.length <= countMax && list.every((each) => typeof each === 'string')
  return isTexts(value) ? value : wrong(name, `a list of at most ${countMax} texts`)
}

/** @throws StixError where a field that must be there is not */
export const present = <T>(value: T | null, name: string): T => value ?? wrong(name, 'to be there')
