import { currencies } from '../domain/currency.ts'

/** What one unit of a currency was worth in units of the base currency, from a time on until the next entry. */
export type RateEntry = {
  readonly currency: string
  /** Epoch milliseconds. */
  readonly validFrom: number
  readonly baseUnits: number
}

/** Minor units of the base currency, an integer; NaN where no rate is known for that time. */
export type ToBase = (amountMinor: number, currency: string, at: number) => number

export type BaseCurrency = {
  readonly currency: string
  readonly rates: readonly RateEntry[]
}

const minorDigits = (currency: string): number | undefined => currencies.get(currency)?.minorDigits

type DatedRate = { readonly validFrom: number; readonly factor: number }

/** Amounts as histories hold them: whole minor units, so that their sums are exact. Halves round up. */
export const createToBase = ({ currency: base, rates }: BaseCurrency): ToBase => {
  const baseDigits = minorDigits(base)
  const newestFirst = new Map<string, DatedRate[]>()
  for (const { currency, validFrom, baseUnits } of rates.toSorted((a, b) => b.validFrom - a.validFrom)) {
    const digits = minorDigits(currency)
    if (digits === undefined || baseDigits === undefined) continue
    const dated = newestFirst.get(currency) ?? []
    newestFirst.set(currency, [...dated, { validFrom, factor: baseUnits * 10 ** (baseDigits - digits) }])
  }
  return (amountMinor, currency, at) => {
    if (currency === base) return amountMinor
    const rate = newestFirst.get(currency)?.find(({ validFrom }) => validFrom <= at)
    return rate === undefined ? NaN : Math.round(amountMinor * rate.factor)
  }
}
