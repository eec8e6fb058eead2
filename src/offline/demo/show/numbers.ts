import { currencies } from '../../../domain/currency.ts'

export const count = (value: number): string => value.toLocaleString('en')

/** `3 of 200` as `1.5 %`; nothing of nothing is no share. */
export const share = (part: number, whole: number): string =>
  whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`

/** Three significant digits are as much as a latency means. */
export const millis = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

/** The unit in which a length of time is easily read. */
export const span = (ms: number): string => {
  if (ms < 120_000) return seconds(ms)
  if (ms < 7_200_000) return `${(ms / 60_000).toFixed(0)} min`
  return ms < 172_800_000 ? `${(ms / 3_600_000).toFixed(1)} h` : `${(ms / 86_400_000).toFixed(1)} days`
}

/** `123456` of EUR as `1,234.56 EUR`. */
export const money = (amountMinor: number, currency: string): string => {
  const digits = currencies.get(currency)?.minorDigits ?? 0
  const amount = (amountMinor / 10 ** digits).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  return `${amount} ${currency}`
}

/** A feature's value: whole numbers whole, others to four significant digits, NaN in words. */
export const value = (number: number): string => {
  if (Number.isNaN(number)) return 'not known'
  if (Number.isInteger(number)) return count(number)
  return Math.abs(number) >= 1_000 ? count(Math.round(number)) : String(Number(number.toPrecision(4)))
}

export const instant = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
