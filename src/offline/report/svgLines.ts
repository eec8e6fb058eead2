import { element, type Markup } from './markup.ts'
import { drawFrame, type Frame, pixels, type Place, seriesClass } from './svgFrame.ts'

export type Point = readonly [x: number, y: number]

export type Series = {
  readonly name: string
  readonly points: readonly Point[]
  /** Marks the points themselves, as where there are few of them. */
  readonly dots?: boolean
}

export type LinePlot = Frame & {
  readonly series: readonly Series[]
  /** A dashed line to compare with, such as the diagonal of pure chance. */
  readonly reference?: readonly Point[]
}

const isFinitePoint = ([x, y]: Point): boolean => Number.isFinite(x) && Number.isFinite(y)

/** What is not known is no point: the line goes from its neighbour to its neighbour. */
const pathOf = (points: readonly Point[], place: Place): string =>
  points
    .filter(isFinitePoint)
    .map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${pixels(place.x(x))} ${pixels(place.y(y))}`)
    .join('')

const line = (points: readonly Point[], place: Place, name: string): Markup =>
  element('path', { class: name, d: pathOf(points, place) })

const dotsOf = (points: readonly Point[], place: Place, name: string): readonly Markup[] =>
  points
    .filter(isFinitePoint)
    .map(([x, y]) =>
      element('circle', { class: `fill ${name}`, cx: pixels(place.x(x)), cy: pixels(place.y(y)), r: 3 }),
    )

/** Lines over two linear axes, as SVG. */
export const linePlot = ({ series, reference, ...frame }: LinePlot): Markup =>
  drawFrame(
    frame,
    series.map(({ name }) => name),
    (place) => [
      reference === undefined ? null : line(reference, place, 'reference'),
      ...series.flatMap(({ points, dots }, at) => [
        line(points, place, `line ${seriesClass(at)}`),
        ...(dots === true ? dotsOf(points, place, seriesClass(at)) : []),
      ]),
    ],
  )
