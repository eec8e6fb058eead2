/** How codes and places fit into two bytes each. Zero, or the named constant, stands for "not known". */

export const unknownMcc = 0xffff
export const unknownDegrees = -0x8000

const letter = (code: string, index: number): number => code.charCodeAt(index) - 64

/** Three letters in base 27; no table, so that a currency newer than this build keeps its place. */
export const packCurrency = (code: string): number =>
  (letter(code, 0) * 27 + letter(code, 1)) * 27 + letter(code, 2)

export const packCountry = (code: string | null): number =>
  code === null ? 0 : letter(code, 0) * 27 + letter(code, 1)

export const packMcc = (mcc: string | null): number => (mcc === null ? unknownMcc : Number(mcc))

/** Hundredths of a degree (about a kilometre): enough for distance and speed, too coarse for an address. */
export const packDegrees = (degrees: number | null): number =>
  degrees === null ? unknownDegrees : Math.round(degrees * 100)
