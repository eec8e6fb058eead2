import { type Child, element, fragment, type Markup } from './markup.ts'
import { type Axis, linearScale, tickText, ticksOf } from './svgScale.ts'

/** Pixels. The drawing grows with the page; these are the units of its own. */
const width = 460
const height = 320
const inner = { left: 62, right: 446, top: 34, bottom: 268 }

/** Where values of the two axes lie in the drawing. */
export type Place = {
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

export type Frame = {
  readonly title: string
  readonly x: Axis
  readonly y: Axis
}

/** To a hundredth of a pixel: what is finer only makes the file larger. */
export const pixels = (value: number): number => Math.round(value * 100) / 100

const text = (x: number, y: number, anchor: string, words: string, more = {}): Markup =>
  element('text', { x: pixels(x), y: pixels(y), 'text-anchor': anchor, ...more }, words)

const verticalLine = (x: number): Markup =>
  element('line', { class: 'grid', x1: pixels(x), x2: pixels(x), y1: inner.top, y2: inner.bottom })

const horizontalLine = (y: number): Markup =>
  element('line', { class: 'grid', x1: inner.left, x2: inner.right, y1: pixels(y), y2: pixels(y) })

const axes = ({ x, y }: Frame, place: Place): readonly Markup[] => [
  ...ticksOf(x).flatMap((tick) => [
    verticalLine(place.x(tick)),
    text(place.x(tick), inner.bottom + 16, 'middle', tickText(tick)),
  ]),
  ...ticksOf(y).flatMap((tick) => [
    horizontalLine(place.y(tick)),
    text(inner.left - 6, place.y(tick) + 4, 'end', tickText(tick)),
  ]),
  text((inner.left + inner.right) / 2, inner.bottom + 36, 'middle', x.label),
  text(0, 0, 'middle', y.label, {
    transform: `translate(14 ${(inner.top + inner.bottom) / 2}) rotate(-90)`,
  }),
]

/** Colours of the series, in their order; the style sheet of the page gives them their meaning. */
const seriesClasses = ['s0', 's1', 's2', 's3'] as const
export const seriesClass = (at: number): string => seriesClasses[at % seriesClasses.length] ?? 's0'

const legend = (names: readonly string[]): readonly Markup[] =>
  names.flatMap((name, at) => {
    const x = inner.left + at * ((inner.right - inner.left) / names.length)
    return [
      element('rect', { class: `fill ${seriesClass(at)}`, x, y: height - 13, width: 9, height: 9 }),
      text(x + 13, height - 5, 'start', name),
    ]
  })

/**
 * Title, axes and legend around what `draw` puts between them.
 * @param names of the series, for the legend; a single one needs none
 */
export const drawFrame = (
  frame: Frame,
  names: readonly string[],
  draw: (place: Place) => readonly Child[],
): Markup => {
  const place = {
    x: linearScale(frame.x, inner.left, inner.right),
    y: linearScale(frame.y, inner.bottom, inner.top),
  }
  return element(
    'svg',
    { class: 'plot', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': frame.title },
    text(inner.left, 18, 'start', frame.title, { class: 'title' }),
    fragment(axes(frame, place)),
    fragment(draw(place)),
    fragment(names.length > 1 ? legend(names) : []),
  )
}
