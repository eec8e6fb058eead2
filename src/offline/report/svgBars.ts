import { element, type Markup } from './markup.ts'
import { drawFrame, type Frame, pixels, seriesClass } from './svgFrame.ts'

export type Bars = {
  readonly name: string
  /** One height a bin. */
  readonly heights: readonly number[]
}

export type BarPlot = Pick<Frame, 'title'> & {
  readonly xLabel: string
  readonly yLabel: string
  /** The ends of the bins, rising: one more than there are bins. */
  readonly ends: readonly number[]
  readonly series: readonly Bars[]
}

/** A histogram as SVG; the bars of several series stand side by side in each bin. */
export const barPlot = ({ title, xLabel, yLabel, ends, series }: BarPlot): Markup => {
  const highest = Math.max(0, ...series.flatMap(({ heights }) => heights.filter(Number.isFinite)))
  const x = { label: xLabel, low: ends[0] ?? 0, high: ends.at(-1) ?? 1 }
  const y = { label: yLabel, low: 0, high: highest === 0 ? 1 : highest }
  return drawFrame(
    { title, x, y },
    series.map(({ name }) => name),
    (place) =>
      series.flatMap(({ heights }, which) =>
        heights.flatMap((height, bin) => {
          const [from, to] = [ends[bin], ends[bin + 1]]
          if (from === undefined || to === undefined || !(height > 0)) return []
          const full = place.x(to) - place.x(from)
          const wide = full / series.length
          return [
            element('rect', {
              class: `fill ${seriesClass(which)}`,
              x: pixels(place.x(from) + which * wide),
              y: pixels(place.y(height)),
              width: pixels(Math.max(0.5, wide * 0.92)),
              height: pixels(place.y(0) - place.y(height)),
            }),
          ]
        }),
      ),
  )
}
