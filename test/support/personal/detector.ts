import type { Plant } from './plants.ts'

/** A piece of what a run left behind: where it stood, and its bytes. */
export type Output = { readonly where: string; readonly bytes: Buffer }

const withoutSeparators = (text: string): string => text.replace(/[ -]/g, '')

/** Base64 of a text at each of the three places in a triple of bytes, without the digits that its neighbours change. */
const inBase64 = (text: string): readonly string[] =>
  [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
    const sure = whole.subarray(0, whole.length - (whole.length % 3))
    return sure.toString('base64').slice(before === 0 ? 0 : 4)
  })

const spellings = ({ kind, text }: Plant): readonly string[] => {
  const bare = kind === 'card' ? withoutSeparators(text) : text.replace('+', '')
  return [
    bare,
    encodeURIComponent(bare),
    Buffer.from(bare).toString('hex'),
    ...inBase64(bare),
    ...inBase64(text),
  ]
}

const readings = (bytes: Buffer): readonly string[] => {
  const text = bytes.toString('latin1')
  return [text, withoutSeparators(text), text.replaceAll('\0', '')]
}

/** Where what was planted stands in clear, in base64 or in hexadecimal; the planted value itself is not told. */
export const plantsIn = (outputs: readonly Output[], plants: readonly Plant[]): readonly string[] => {
  const sought = plants.map((plant) => ({ plant, texts: [...new Set(spellings(plant))] }))
  return outputs.flatMap(({ where, bytes }) => {
    const read = readings(bytes)
    return sought
      .filter(({ texts }) => texts.some((text) => read.some((each) => each.includes(text))))
      .map(({ plant }) => `${plant.kind} of ${plant.place} in ${where}`)
  })
}

/** Unbroken, in fours, or as American Express prints it; not part of a decimal fraction, a UUID or a word. */
const numbers = /(?<![\w.+-])(?:\d{13,19}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{5})(?![\w-])/g
const addresses = /[\w+-]@(?:[\w-]+\.)+[a-z]{2,}/gi

const luhn = (number: string): boolean => {
  let sum = 0
  for (const [at, digit] of [...number].toReversed().entries())
    sum += at % 2 === 0 ? Number(digit) : [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)]!
  return sum % 10 === 0
}

/** Whatever looks like a card number (of industries 2 to 6: epoch times begin with 1) or an e-mail address. */
export const suspectsIn = (outputs: readonly Output[]): readonly string[] =>
  outputs.flatMap(({ where, bytes }) => {
    const text = bytes.toString('latin1')
    const cards = [...text.matchAll(numbers)].filter(([found]) => {
      const bare = withoutSeparators(found)
      return /^[2-6]/.test(bare) && luhn(bare)
    })
    return [...cards, ...text.matchAll(addresses)].map(([found]) => `${found} in ${where}`)
  })
