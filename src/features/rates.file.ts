import { readFile } from 'node:fs/promises'
import { SluiceError } from '../errors.ts'
import type { RateEntry } from './baseCurrency.ts'
import { parseRates } from './rates.ts'

/**
 * The exchange rates in a file; none where `file` is empty.
 * @throws SluiceError FILE_INVALID with the line and what was expected
 */
export const readRates = async (file: string, baseCurrency: string): Promise<readonly RateEntry[]> => {
  if (file === '') return []
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new SluiceError('FILE_INVALID', `${file}: the exchange rates cannot be read`, { cause })
  })
  const rates = parseRates(text, file, baseCurrency)
  if (rates.length === 0) throw new SluiceError('FILE_INVALID', `${file}: expected at least one rate`)
  return rates
}
