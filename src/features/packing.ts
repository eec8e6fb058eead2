import { currencies } from '../domain/currency.ts'

/** How codes and places fit into two bytes each. Zero, or the named constant, stands for "not known". */

export const unknownMcc = 0xffff
export const unknownDegrees = -0x8000

const letter = (code: string, index: number): number => code.charCodeAt(index) - 64

const currencyNumbers: ReadonlyMap<string, number> = new Map(
  [...currencies.values()].map(({ code, numeric }) => [code, Number(numeric)]),
)

/** ISO 4217 numeric code. */
export const packCurrency = (code: string): number => currencyNumbers.get(code) ?? 0

export const packCountry = (code: string | null): number =>
  code === null ? 0 : letter(code, 0) * 27 + letter(code, 1)

export const packMcc = (mcc: string | null): number => (mcc === null ? unknownMcc : Number(mcc))

/** Hundredths of a degree (about a kilometre): enough for distance and speed, too coarse for an address. */
export const packDegrees = (degrees: number | null): number =>
  degrees === null ? unknownDegrees : Math.round(degrees * 100)
