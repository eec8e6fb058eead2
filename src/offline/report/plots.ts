import type { Ranking } from '../metrics/ranking.ts'
import { type CalibrationBin, precisionRecallCurve, rocCurve } from './curves.ts'
import type { Markup } from './markup.ts'
import { type BarPlot, barPlot } from './svgBars.ts'
import { linePlot, type Point } from './svgLines.ts'

const share = (label: string) => ({ label, low: 0, high: 1 })
const diagonal: readonly Point[] = [
  [0, 0],
  [1, 1],
]

/** One curve of a plot, such as a model's. */
export type Named<T> = { readonly name: string; readonly value: T }

export const rocPlot = (rankings: readonly Named<Ranking>[]): Markup =>
  linePlot({
    title: 'ROC',
    x: share('share of good payments stopped'),
    y: share('share of frauds stopped'),
    series: rankings.map(({ name, value }) => ({ name, points: rocCurve(value) })),
    reference: diagonal,
  })

export const precisionRecallPlot = (rankings: readonly Named<Ranking>[]): Markup =>
  linePlot({
    title: 'Precision and recall',
    x: share('recall'),
    y: share('precision'),
    series: rankings.map(({ name, value }) => ({ name, points: precisionRecallCurve(value) })),
  })

/** Both axes end where the highest group does: most fraud probabilities are small. */
export const calibrationPlot = (bins: readonly Named<readonly CalibrationBin[]>[]): Markup => {
  const highest = Math.max(
    0.01,
    ...bins.flatMap(({ value }) => value.flatMap((bin) => [bin.meanProbability, bin.fraudShare])),
  )
  return linePlot({
    title: 'Calibration',
    x: { label: 'mean probability of a group', low: 0, high: highest },
    y: { label: 'share of frauds in it', low: 0, high: highest },
    series: bins.map(({ name, value }) => ({
      name,
      points: value.map(({ meanProbability, fraudShare }): Point => [meanProbability, fraudShare]),
      dots: true,
    })),
    reference: [
      [0, 0],
      [highest, highest],
    ],
  })
}

/** Heights as log10(1 + count): a handful of frauds beside a million good payments stays visible. */
export const scoreHistogram = (
  plot: Pick<BarPlot, 'ends' | 'series'> & { readonly title?: string; readonly xLabel?: string },
): Markup =>
  barPlot({
    title: plot.title ?? 'Scores',
    xLabel: plot.xLabel ?? 'probability of fraud',
    yLabel: 'log10(1 + payments)',
    ends: plot.ends,
    series: plot.series.map(({ name, heights }) => ({
      name,
      heights: heights.map((count) => Math.log10(1 + count)),
    })),
  })
