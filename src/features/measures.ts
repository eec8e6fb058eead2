import type { Recalled } from './recalled.ts'
import { tally } from './tally.ts'

/**
 * One measure over the payments of a window. `read` takes the tally that begins at `at` of `cells` (the earlier
 * records only) and the payment itself: a measure that includes the payment adds it here, unless the window ended
 * before it.
 */
export type Measure = {
  /** Whether the name has to say a window; without one, the retention is the window. */
  readonly window: 'required' | 'optional'
  /** Which amounts have to be known: one without a rate makes the measure unknown. */
  readonly amounts: 'none' | 'all' | 'allowed'
  /** Whether it needs to know what each payment was, or only when they were. */
  readonly needs: 'each' | 'times'
  /** Whether it counts the payment itself, where that lies in the window. */
  readonly includesOwn: boolean
  /** Needs to know which payments were allowed. */
  readonly outcomes: boolean
  /** Needs mean and spread in the tally. */
  readonly deviations: boolean
  /** How many windows' length back it looks: more than one where it compares the window with a longer one. */
  readonly windows: number
  /** Needs the allowed amounts one by one, not only added up. */
  readonly medians: boolean
  /**
   * `included`: 1 if the payment itself is in the window, 0 if the window ended before it. `median`: of the earlier
   * allowed amounts of the longer window, if there is one.
   */
  readonly read: (cells: Float64Array, at: number, own: Own, included: 0 | 1, median: () => number) => number
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
  'ratio_to_median',
  'peak',
  'same_amount_count',
  'night_share',
  'since_last',
  'since_first',
  'is_new',
] as const
export type MeasureName = (typeof measureNames)[number]

const cell = (cells: Float64Array, at: number): number => cells[at] ?? 0
const finite = (value: number): number => (Number.isFinite(value) ? value : NaN)
const secondsFrom = (from: number, to: number): number => finite((to - from) / 1000)
const ownAmount = (own: Own, included: 0 | 1): number => (included === 1 ? own.amountBase : 0)

const earlierOnly = {
  needs: 'each',
  includesOwn: false,
  outcomes: false,
  deviations: false,
  certain: null,
  windows: 1,
  medians: false,
} as const
const windowed = { window: 'required', ...earlierOnly } as const
const withOwn = { ...windowed, includesOwn: true } as const
const everSince = { window: 'optional', amounts: 'none', ...earlierOnly, needs: 'times' } as const

export const measures: Readonly<Record<MeasureName, Measure>> = {
  count: {
    ...withOwn,
    amounts: 'none',
    needs: 'times',
    read: (cells, at, _own, included) => cell(cells, at + tally.count) + included,
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
    ...withOwn,
    amounts: 'all',
    read: (cells, at, own, included) => cell(cells, at + tally.sum) + ownAmount(own, included),
    sentence: 'Sum of the amounts in the window, this one included; minor units of the base currency.',
  },
  mean: {
    ...withOwn,
    amounts: 'all',
    read: (cells, at, own, included) =>
      finite(
        (cell(cells, at + tally.sum) + ownAmount(own, included)) / (cell(cells, at + tally.count) + included),
      ),
    sentence: 'Mean of the amounts in the window, this one included; minor units of the base currency.',
  },
  min: {
    ...withOwn,
    amounts: 'all',
    read: (cells, at, own, included) =>
      finite(Math.min(cell(cells, at + tally.min), included === 1 ? own.amountBase : Infinity)),
    sentence: 'Lowest amount in the window, this one included; minor units of the base currency.',
  },
  max: {
    ...withOwn,
    amounts: 'all',
    read: (cells, at, own, included) =>
      finite(Math.max(cell(cells, at + tally.max), included === 1 ? own.amountBase : -Infinity)),
    sentence: 'Highest amount in the window, this one included; minor units of the base currency.',
  },
  stddev: {
    ...withOwn,
    amounts: 'all',
    deviations: true,
    read: (cells, at, own, included) => {
      const count = cell(cells, at + tally.count)
      const distance = own.amountBase - cell(cells, at + tally.mean)
      const added = included === 1 ? (distance * distance * count) / (count + 1) : 0
      return finite(Math.sqrt((cell(cells, at + tally.spread) + added) / (count + included)))
    },
    sentence: 'Standard deviation (of the population) of the amounts in the window, this one included.',
  },
  zscore_amount: {
    ...windowed,
    amounts: 'allowed',
    outcomes: true,
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
    outcomes: true,
    read: (cells, at, own) =>
      finite(own.amountBase / (cell(cells, at + tally.allowedSum) / cell(cells, at + tally.allowedCount))),
    sentence: 'The amount divided by the mean of earlier allowed ones in the window.',
  },
  ratio_to_max: {
    ...windowed,
    amounts: 'allowed',
    outcomes: true,
    read: (cells, at, own) =>
      cell(cells, at + tally.allowedCount) === 0
        ? NaN
        : finite(own.amountBase / cell(cells, at + tally.allowedMax)),
    sentence: 'The amount divided by the highest earlier allowed one in the window.',
  },
  ratio_to_median: {
    ...windowed,
    amounts: 'allowed',
    outcomes: true,
    medians: true,
    read: (_cells, _at, own, _included, median) => finite(own.amountBase / median()),
    sentence: 'The amount divided by the median of earlier allowed ones in the window.',
  },
  peak: {
    ...windowed,
    amounts: 'allowed',
    outcomes: true,
    windows: 4,
    medians: true,
    read: (cells, at, _own, _included, median) => finite(cell(cells, at + tally.allowedMax) / median()),
    sentence:
      'The highest earlier allowed amount in the window divided by the median of those in four times the window.',
  },
  same_amount_count: {
    ...windowed,
    amounts: 'all',
    read: (cells, at) => (cell(cells, at + tally.count) === 0 ? NaN : cell(cells, at + tally.same)),
    sentence:
      'Earlier payments in the window with exactly this amount; unknown if there are no earlier payments.',
  },
  night_share: {
    ...windowed,
    amounts: 'none',
    read: (cells, at) => finite(cell(cells, at + tally.night) / cell(cells, at + tally.count)),
    sentence: 'Share of the earlier payments in the window with a UTC hour from 0 to 6; unknown without any.',
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
    sentence: 'Seconds since the first payment that is still remembered.',
  },
  is_new: {
    ...everSince,
    read: (cells, at) => {
      if (cell(cells, at + tally.latest) > -Infinity) return 0
      return cell(cells, at + tally.count) === 0 ? 1 : NaN
    },
    certain: (cells, at) => cell(cells, at + tally.latest) > -Infinity,
    sentence: '1 if there was no payment before this one, 0 if there was.',
  },
}
