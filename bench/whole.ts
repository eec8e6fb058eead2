import { SluiceError } from '../src/errors.ts'

/** @throws SluiceError USAGE */
export const whole = (option: string, text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new SluiceError('USAGE', `--${option}: expected a whole number above 0, got ${JSON.stringify(text)}`)
}
