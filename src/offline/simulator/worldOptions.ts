import { SluiceError } from '../../errors.ts'

/** What makes a world. The same options give the same events, to the last byte. */
export type WorldOptions = {
  /** Any safe integer. */
  readonly seed: number
  readonly accounts: number
  /** Epoch milliseconds of the first instant; days are counted from here. */
  readonly startAt: number
  /** Mean number of good payments of an account a day. */
  readonly paymentsPerDay?: number
  /** Multiplies the natural share of frauds (about 0.55 % of payments). 0: none. */
  readonly fraudScale?: number
  /** Goes into every identifier, so that two runs do not collide. 1 to 16 letters; default made from the seed. */
  readonly idPrefix?: string
  /** Travellers and foreign shops pay in their own currency; otherwise everything is in EUR. */
  readonly otherCurrencies?: boolean
}

export type CheckedWorldOptions = Required<WorldOptions>

const letters = 'bcdfghjkmnpqrstvwxyz'

/** A number in letters only: digits of a seed beside digits of a counter could look like a card number. */
export const inLetters = (value: number): string => {
  let rest = Math.abs(value)
  let text = value < 0 ? 'a' : ''
  do {
    text += letters[rest % letters.length]
    rest = Math.floor(rest / letters.length)
  } while (rest > 0)
  return text
}

const refuse = (message: string): never => {
  throw new SluiceError('USAGE', message)
}

/** Fills in the defaults. @throws SluiceError USAGE for a value that cannot make a world. */
export const checkWorldOptions = (options: WorldOptions): CheckedWorldOptions => {
  const { seed, accounts, startAt } = options
  const paymentsPerDay = options.paymentsPerDay ?? 2.8
  const fraudScale = options.fraudScale ?? 1
  const idPrefix = options.idPrefix ?? inLetters(seed)
  if (!Number.isSafeInteger(seed)) refuse(`seed must be a whole number, not ${seed}`)
  if (!Number.isSafeInteger(accounts) || accounts < 1 || accounts > 10_000_000)
    refuse(`accounts must be a whole number from 1 to 10,000,000, not ${accounts}`)
  if (!Number.isSafeInteger(startAt) || startAt < 0)
    refuse(`the start must be epoch milliseconds, not ${startAt}`)
  if (!(paymentsPerDay > 0 && paymentsPerDay <= 1_000))
    refuse(`payments a day must be above 0 and at most 1,000, not ${paymentsPerDay}`)
  if (!(fraudScale >= 0 && fraudScale <= 100))
    refuse(`the fraud scale must be from 0 to 100, not ${fraudScale}`)
  if (!/^[a-z]{1,16}$/i.test(idPrefix)) refuse('the id prefix must be 1 to 16 letters')
  return {
    ...options,
    paymentsPerDay,
    fraudScale,
    idPrefix,
    otherCurrencies: options.otherCurrencies ?? false,
  }
}
