import { SluiceError } from '../../errors.ts'

/** Says which file, line and column a bad value stands in; never echoes the value itself. */
export type Place = { readonly file: string; readonly line: number; readonly column: string }

const wrong = ({ file, line, column }: Place, expected: string): SluiceError =>
  new SluiceError('FILE_INVALID', `${file}, line ${line}, ${column}: expected ${expected}`)

/** A number, or NaN for an empty field: not known. */
export const readNumber = (text: string, place: Place): number => {
  if (text === '') return NaN
  const value = Number(text)
  if (Number.isNaN(value)) throw wrong(place, 'a number, or nothing where it is not known')
  return value
}

/** Epoch milliseconds, given as such or as ISO 8601. */
export const readTime = (text: string, place: Place): number => {
  const value = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(value)) throw wrong(place, 'epoch milliseconds or an ISO 8601 time')
  return value
}

export const readFlag = (text: string, place: Place): boolean => {
  if (text === '0' || text === '1') return text === '1'
  throw wrong(place, '0 or 1')
}
