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

/** The rates of one currency, oldest first: `factors[i]` holds from `validFrom[i]` on, between minor units. */
type Dated = { readonly validFrom: Float64Array; readonly factors: Float64Array }

const datedOf = (entries: readonly RateEntry[], minorUnits: number): Dated => {
  const oldestFirst = entries.toSorted((a, b) => a.validFrom - b.validFrom)
  return {
    validFrom: Float64Array.from(oldestFirst, (entry) => entry.validFrom),
    factors: Float64Array.from(oldestFirst, (entry) => entry.baseUnits * minorUnits),
  }
}

/** The factor of the newest entry that is not after `at`; NaN where there is none. */
const factorAt = ({ validFrom, factors }: Dated, at: number): number => {
  let [before, after] = [-1, validFrom.length]
  while (after - before > 1) {
    const middle = (before + after) >>> 1
    if ((validFrom[middle] ?? NaN) <= at) before = middle
    else after = middle
  }
  return factors[before] ?? NaN
}

const byCurrency = (rates: readonly RateEntry[]): ReadonlyMap<string, readonly RateEntry[]> => {
  const grouped = new Map<string, RateEntry[]>()
  for (const entry of rates) {
    const entries = grouped.get(entry.currency)
    if (entries === undefined) grouped.set(entry.currency, [entry])
    else entries.push(entry)
  }
  return grouped
}

/**
 * Amounts as histories hold them: whole minor units, so that their sums are exact. Halves round up. The time of the
 * event decides which rate holds. Expects at most one rate for a currency and a time.
 */
export const createToBase = ({ currency: base, rates }: BaseCurrency): ToBase => {
  const baseDigits = minorDigits(base)
  const dated = new Map<string, Dated>()
  for (const [currency, entries] of byCurrency(rates)) {
    const digits = minorDigits(currency)
    if (digits === undefined || baseDigits === undefined) continue
    dated.set(currency, datedOf(entries, 10 ** (baseDigits - digits)))
  }
  return (amountMinor, currency, at) => {
    if (currency === base) return amountMinor
    const known = dated.get(currency)
    return known === undefined ? NaN : Math.round(amountMinor * factorAt(known, at))
  }
}
