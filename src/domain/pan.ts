/**
 * Whether a text is, or holds, what looks like a card number: 12 to 19 digits in a range that a card scheme issues
 * (ISO/IEC 7812; the schemes' published ranges) with a valid Luhn check digit.
 * The whole text may be grouped by spaces and dashes in any way. Inside a longer text a number counts if no letter or
 * digit touches it and it is unbroken (13 digits or more) or in the groups that cards have: anything looser would
 * take one UUID in some ten thousands for a card.
 */
export const looksLikePan = (value: string): boolean => {
  if (value.length < shortestDigits || !hasDigits(value)) return false
  return isPan(value) || holdsPan(value)
}

/** Whether the whole text, apart from spaces and dashes, looks like a card number. */
export const isPan = (value: string): boolean => {
  if (value.length < shortestDigits || value.length > longestGrouped) return false
  const digits = value.replace(separators, '')
  return (
    digits.length >= shortestDigits &&
    digits.length <= longestDigits &&
    allDigits.test(digits) &&
    isIssued(digits)
  )
}

const shortestDigits = 12
const longestDigits = 19
/** Each digit with a separator on both sides, and some more: beyond that a text is no card number as a whole. */
const longestGrouped = 64
const separators = /[ -]/g
const allDigits = /^\d+$/

/** The cheap answer for nearly every token: are there enough digits, with nothing but spaces and dashes between? */
const hasDigits = (value: string): boolean => {
  let digits = 0
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if (code >= 48 && code <= 57) {
      if (++digits === shortestDigits) return true
    } else if (code !== 32 && code !== 45) digits = 0
  }
  return false
}

/** Unbroken, or grouped 4-4-4-4 (with a fifth group of a long number, or a CVC) or as Amex and Diners print it. */
const embedded =
  /(?<![0-9A-Za-z])(?:(\d{13,19})|(\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{1,4})([ -]\d{1,3})?|(\d{4}[ -]\d{6}[ -]\d{4,5}))(?![0-9A-Za-z])/g

const holdsPan = (value: string): boolean => {
  for (const [, unbroken, groups, fifth, short] of value.matchAll(embedded)) {
    if (isPan(unbroken ?? groups ?? short ?? '')) return true
    if (fifth !== undefined && isPan(`${groups}${fifth}`)) return true
  }
  return false
}

const isIssued = (digits: string): boolean => {
  const prefix = Number(digits.slice(0, 4))
  return (
    ranges.some(
      ([from, to, shortest, longest]) =>
        prefix >= from && prefix <= to && digits.length >= shortest && digits.length <= longest,
    ) && isLuhn(digits)
  )
}

/** First four digits from and to, fewest and most digits. */
const ranges: readonly (readonly [from: number, to: number, shortest: number, longest: number])[] = [
  [4000, 4999, 13, 19], // Visa
  [5100, 5599, 16, 16], // Mastercard
  [2221, 2720, 16, 16], // Mastercard
  [3400, 3499, 15, 15], // American Express
  [3700, 3799, 15, 15], // American Express
  [3000, 3059, 14, 19], // Diners Club
  [3095, 3095, 14, 19], // Diners Club
  [3600, 3699, 14, 19], // Diners Club
  [3800, 3999, 14, 19], // Diners Club
  [3528, 3589, 16, 19], // JCB
  [6011, 6011, 16, 19], // Discover
  [6440, 6599, 16, 19], // Discover
  [6200, 6299, 16, 19], // UnionPay
  [5000, 5099, 12, 19], // Maestro, Verve, Elo
  [5600, 5899, 12, 19], // Maestro
  [6300, 6399, 12, 19], // Maestro
  [6700, 6799, 12, 19], // Maestro
  [6000, 6099, 16, 16], // RuPay
  [8100, 8299, 16, 19], // RuPay, UnionPay
  [2200, 2204, 16, 19], // Mir
  [9792, 9792, 16, 16], // Troy
]

/** ISO/IEC 7812-1, annex B: double every second digit from the right, add all digits, a multiple of ten. */
const isLuhn = (digits: string): boolean => {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(digits.length - 1 - i) - 48
    const weighted = i % 2 === 0 ? digit : digit * 2
    sum += weighted > 9 ? weighted - 9 : weighted
  }
  return sum % 10 === 0
}
