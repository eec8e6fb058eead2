import type { Recalled } from './recalled.ts'
import { tally } from './tally.ts'

/**
 * One measure over the records of a window. `read` takes the tally that begins at `at` of `cells` (the earlier
 * records only) and the payment itself: a measure that includes the payment adds it here.
 */
export type Measure = {
  /** Whether the name has to say a window; without one, the retention is the window. */
  readonly window: 'required' | 'optional'
  /** Which amounts have to be known, beside the payment's own: one without a rate makes the measure unknown. */
  readonly amounts: 'none' | 'all' | 'allowed'
  /** Needs to know which payments were allowed. */
  readonly outcomes: boolean
  /** Needs mean and spread in the tally. */
  readonly deviations: boolean
  readonly read: (cells: Float64Array, at: number, own: Own) => number
  /** True where the value is certain even if the history does not reach back to the window's start. */
  readonly certain: ((cells: Float64Array, at: number, coveredSince: number) => boolean) | null
  readonly sentence: string
}

/** The payment that the features are for. */
type Own = Pick<Recalled, 'amountBase' | 'received'>

export const measureNames = [
  'count',
  'accepted_count',
  'sum',
  'mean',
  'min',
  'max',
  'stddev',
  'zscore_amount',
  'ratio_to_mean',
  'ratio_to_max',
  'same_amount_count',
  'since_last',
  'since_first',
  'is_new',
] as const
export type MeasureName = (typeof measureNames)[number]

const cell = (cells: Float64Array, at: number): number => cells[at] ?? 0
const finite = (value: number): number => (Number.isFinite(value) ? value : NaN)
const secondsFrom = (from: number, to: number): number => finite((to - from) / 1000)

const windowed = { window: 'required', outcomes: false, deviations: false, certain: null } as const
const everSince = { window: 'optional', amounts: 'none', outcomes: false, deviations: false } as const

export const measures: Readonly<Record<MeasureName, Measure>> = {
  count: {
    ...windowed,
    amounts: 'none',
    read: (cells, at) => cell(cells, at + tally.count) + 1,
    sentence: 'Payments in the window, this one included.',
  },
  accepted_count: {
    ...windowed,
    amounts: 'none',
    outcomes: true,
    // The payment itself would be included, but has no outcome yet and so is not allowed.
    read: (cells, at) => cell(cells, at + tally.allowedCount),
    sentence: 'Payments in the window that were allowed, or stepped up and passed.',
  },
  sum: {
    ...windowed,
    amounts: 'all',
    read: (cells, at, own) => cell(cells, at + tally.sum) + own.amountBase,
    sentence: 'Sum of the amounts in the window, this one included; minor units of the base currency.',
  },
  mean: {
    ...windowed,
    amounts: 'all',
    read: (cells, at, own) =>
      (cell(cells, at + tally.sum) + own.amountBase) / (cell(cells, at + tally.count) + 1),
    sentence: 'Mean of the amounts in the window, this one included; minor units of the base currency.',
  },
  min: {
    ...windowed,
    amounts: 'all',
    read: (cells, at, own) => Math.min(cell(cells, at + tally.min), own.amountBase),
    sentence: 'Lowest amount in the window, this one included; minor units of the base currency.',
  },
  max: {
    ...windowed,
    amounts: 'all',
    read: (cells, at, own) => Math.max(cell(cells, at + tally.max), own.amountBase),
    sentence: 'Highest amount in the window, this one included; minor units of the base currency.',
  },
  stddev: {
    ...windowed,
    amounts: 'all',
    deviations: true,
    read: (cells, at, own) => {
      const count = cell(cells, at + tally.count)
      const distance = own.amountBase - cell(cells, at + tally.mean)
      const spread = cell(cells, at + tally.spread) + (distance * distance * count) / (count + 1)
      return Math.sqrt(spread / (count + 1))
    },
    sentence: 'Standard deviation (of the population) of the amounts in the window, this one included.',
  },
  zscore_amount: {
    ...windowed,
    amounts: 'allowed',
    deviations: true,
    read: (cells, at, own) => {
      const deviation = Math.sqrt(
        cell(cells, at + tally.allowedSpread) / cell(cells, at + tally.allowedCount),
      )
      return finite((own.amountBase - cell(cells, at + tally.allowedMean)) / deviation)
    },
    sentence:
      'How many standard deviations the amount is above the mean of earlier allowed ones; unknown if those are all equal.',
  },
  ratio_to_mean: {
    ...windowed,
    amounts: 'allowed',
    read: (cells, at, own) =>
      finite(own.amountBase / (cell(cells, at + tally.allowedSum) / cell(cells, at + tally.allowedCount))),
    sentence: 'The amount divided by the mean of earlier allowed ones in the window.',
  },
  ratio_to_max: {
    ...windowed,
    amounts: 'allowed',
    read: (cells, at, own) =>
      cell(cells, at + tally.allowedCount) === 0
        ? NaN
        : finite(own.amountBase / cell(cells, at + tally.allowedMax)),
    sentence: 'The amount divided by the highest earlier allowed one in the window.',
  },
  same_amount_count: {
    ...windowed,
    amounts: 'all',
    read: (cells, at) => (cell(cells, at + tally.count) === 0 ? NaN : cell(cells, at + tally.same)),
    sentence:
      'Earlier payments in the window with exactly this amount; unknown if there are no earlier payments.',
  },
  since_last: {
    ...everSince,
    read: (cells, at, own) => secondsFrom(cell(cells, at + tally.latest), own.received.effectiveAt),
    certain: (cells, at, coveredSince) => cell(cells, at + tally.latest) >= coveredSince,
    sentence: 'Seconds since the payment before this one.',
  },
  since_first: {
    ...everSince,
    read: (cells, at, own) => secondsFrom(cell(cells, at + tally.earliest), own.received.effectiveAt),
    certain: null,
    sentence: 'Seconds since the first payment that is still remembered.',
  },
  is_new: {
    ...everSince,
    read: (cells, at) => (cell(cells, at + tally.count) === 0 ? 1 : 0),
    certain: (cells, at) => cell(cells, at + tally.count) > 0,
    sentence: '1 if there was no payment before this one, 0 if there was.',
  },
}
