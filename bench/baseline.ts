import type { Figure } from './figures.ts'
import type { Machine } from './machine.file.ts'

export type Baseline = {
  readonly takenOn: Machine
  readonly figures: Readonly<Record<string, number>>
}

/** A figure beside what it was. */
export type Comparison = {
  readonly name: string
  readonly before: number
  readonly now: number
  /** Above 1 it became worse, whichever way is better for it. */
  readonly timesWorse: number
  readonly failRatio: number
  readonly failed: boolean
}

/** Compares what both know; a figure that is new or was not measured now says nothing. */
export const compareWith = (baseline: Baseline, figures: readonly Figure[]): readonly Comparison[] =>
  figures.flatMap(({ name, median, better, failRatio }) => {
    const before = baseline.figures[name]
    if (before === undefined || !(before > 0) || !(median > 0)) return []
    const timesWorse = better === 'lower' ? median / before : before / median
    return [{ name, before, now: median, timesWorse, failRatio, failed: timesWorse > failRatio }]
  })

/** The baseline with the figures measured now in the place of the old ones; the others are kept. */
export const renewed = (
  baseline: Baseline | null,
  takenOn: Machine,
  figures: readonly Figure[],
): Baseline => ({
  takenOn,
  figures: {
    ...baseline?.figures,
    ...Object.fromEntries(
      figures
        .filter(({ median }) => Number.isFinite(median))
        .map(({ name, median }) => [name, rounded(median)]),
    ),
  },
})

const rounded = (value: number): number => Number(value.toPrecision(4))
