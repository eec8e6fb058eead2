import { SluiceError } from '../../../src/errors.ts'

const dayMs = 86_400_000
const trainingDays = 7
const delayDays = 7
const testDays = 7

/** Epoch milliseconds; `from` is inside, `to` is outside. */
export type Span = { readonly from: number; readonly to: number }

/** Seven days to learn from, seven until their labels are known, seven to be scored. */
export type Fold = {
  readonly training: Span
  /** Labels that came later do not exist for training: the test days begin then. */
  readonly knownBy: number
  readonly test: Span
  readonly labelDelayMs: number
}

const dateOnly = /^\d{4}-\d{2}-\d{2}$/

/** @param day YYYY-MM-DD in UTC, the first day of training. @throws SluiceError USAGE */
export const foldOf = (day: string): Fold => {
  const from = dateOnly.test(day) ? Date.parse(day) : NaN
  if (Number.isNaN(from) || new Date(from).toISOString().slice(0, 10) !== day)
    throw new SluiceError('USAGE', `--fold: expected a day such as 2018-07-25, got ${JSON.stringify(day)}`)
  const testFrom = from + (trainingDays + delayDays) * dayMs
  return {
    training: { from, to: from + trainingDays * dayMs },
    knownBy: testFrom,
    test: { from: testFrom, to: testFrom + testDays * dayMs },
    labelDelayMs: delayDays * dayMs,
  }
}

export const lies = (at: number, { from, to }: Span): boolean => at >= from && at < to
