import { SluiceError } from '../errors.ts'

/** @throws SluiceError USAGE if the option was not given */
export const required = (value: string | undefined, option: string): string => {
  if (value !== undefined && value !== '') return value
  throw new SluiceError('USAGE', `${option} is missing`)
}

/** @throws SluiceError USAGE for more arguments than the command takes */
export const atMost = (positionals: readonly string[], most: number): void => {
  const [stranger] = positionals.slice(most)
  if (stranger !== undefined)
    throw new SluiceError('USAGE', `unexpected argument ${JSON.stringify(stranger)}`)
}

/** Epoch milliseconds from an ISO 8601 date or time; a date alone begins in UTC. */
export const timeOf = (text: string, option: string): number => {
  const time = Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new SluiceError(
    'USAGE',
    `${option}: expected a date (YYYY-MM-DD) or a time, got ${JSON.stringify(text)}`,
  )
}

/** @throws SluiceError USAGE for what is not a finite number */
export const numberOf = (text: string, option: string): number => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  throw new SluiceError('USAGE', `${option}: expected a number, got ${JSON.stringify(text)}`)
}
