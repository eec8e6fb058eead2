/** True for the accounts for which a challenger decides. */
export type Takes = (accountId: string) => boolean

/** 2 to the power of the bits that 13 hexadecimal digits hold: all of them are exact in a double. */
const range = 2 ** 52

/**
 * Which accounts a canary takes: those whose keyed hash falls below the share. So an account stays with one model, a
 * larger share keeps whom a smaller one had, and nobody without the key can choose to be in it.
 * @param model `<id>/<version>`: another model has other accounts
 * @param hashText keyed; at least 13 hexadecimal digits, evenly spread
 */
export const createCanary = (model: string, share: number, hashText: (text: string) => string): Takes => {
  const limit = share * range
  return (accountId) => Number.parseInt(hashText(`canary ${model} ${accountId}`).slice(0, 13), 16) < limit
}
