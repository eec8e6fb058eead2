import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areaUnderRoc } from '../../../../src/offline/metrics/rankMetrics.ts'
import { rank } from '../../../../src/offline/metrics/ranking.ts'
import {
  calibrationBins,
  evenEnds,
  histogramOf,
  precisionRecallCurve,
  rocCurve,
} from '../../../../src/offline/report/curves.ts'
import { element } from '../../../../src/offline/report/markup.ts'
import { page, table } from '../../../../src/offline/report/page.ts'
import { rocPlot } from '../../../../src/offline/report/plots.ts'
import { barPlot } from '../../../../src/offline/report/svgBars.ts'
import { linePlot } from '../../../../src/offline/report/svgLines.ts'
import { linearScale, tickText, ticksOf } from '../../../../src/offline/report/svgScale.ts'

const axis = (low: number, high: number) => ({ label: 'x', low, high })

describe('markup', () => {
  it('escapes what is foreign, in text and in attributes', () => {
    expect(element('p', { title: '"><script>' }, '<script>&').markup).toBe(
      '<p title="&quot;&gt;&lt;script&gt;">&lt;script&gt;&amp;</p>',
    )
  })

  it('makes a page that holds no foreign markup', () => {
    const html = page('<img src=x>', ['<b>'], [{ title: '<i>', content: [table(['<u>'], [['<s>']])] }])
    for (const tag of ['<img', '<b>', '<i>', '<u>', '<s>']) expect(html).not.toContain(tag)
  })

  it('shows what is not known as a dash, never as zero', () => {
    expect(table(['a'], [[NaN], [null], [0]]).markup.match(/–|>0</g)).toEqual(['–', '–', '>0<'])
  })
})

describe('axes', () => {
  it('have round ticks within their ends', () => {
    expect(ticksOf(axis(0, 1))).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
    expect(ticksOf(axis(-3, 12))).toEqual([0, 5, 10])
    expect(ticksOf(axis(2, 2))).toEqual([])
    expect(tickText(0.30000000000000004)).toBe('0.3')
  })

  it('put both ends at the ends of the drawing, and equal steps between them', () => {
    const scale = linearScale(axis(10, 20), 0, 100)
    expect([10, 15, 20].map(scale)).toEqual([0, 50, 100])
  })

  it('never have more than six ticks, and all of them rise', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e9, noNaN: true }),
        (low, extent) => {
          const ticks = ticksOf(axis(low, low + extent))
          expect(ticks.length).toBeLessThanOrEqual(6)
          ticks.reduce((before, tick) => {
            expect(tick).toBeGreaterThan(before)
            return tick
          }, -Infinity)
        },
      ),
    )
  })
})

describe('plots', () => {
  it('draw a line through the points that are known', () => {
    const { markup } = linePlot({
      title: 'T',
      x: axis(0, 1),
      y: axis(0, 1),
      series: [
        {
          name: 'a',
          points: [
            [0, 0],
            [0.5, NaN],
            [1, 1],
          ],
        },
      ],
    })
    expect(markup).toContain('d="M62 268L446 34"')
    expect(markup).not.toContain('NaN')
  })

  it('draw bars of several series side by side, none for an empty bin', () => {
    const { markup } = barPlot({
      title: 'T',
      xLabel: 'x',
      yLabel: 'y',
      ends: [0, 1, 2],
      series: [
        { name: 'a', heights: [4, 0] },
        { name: 'b', heights: [2, 4] },
      ],
    })
    const bars = [...markup.matchAll(/<rect class="fill (s\d)" x="([\d.]+)" y="([\d.]+)"/g)].map((found) =>
      found.slice(1, 4),
    )
    expect(bars.slice(0, 3)).toEqual([
      ['s0', '62', '34'],
      ['s1', '158', '151'],
      ['s1', '350', '34'],
    ])
  })
})

/** Area between the points of a curve and the axis, by trapezoids. */
const areaOf = (points: readonly (readonly [number, number])[]): number =>
  points.slice(1).reduce((sum, [x, y], at) => {
    const [beforeX, beforeY] = points[at] ?? [NaN, NaN]
    return sum + ((x - beforeX) * (y + beforeY)) / 2
  }, 0)

const someOfEach = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 20 }), fraud: fc.constantFrom(0, 1) }), {
    minLength: 2,
    maxLength: 200,
  })
  .filter((rows) => new Set(rows.map(({ fraud }) => fraud)).size === 2)

const rankingOf = (rows: readonly { readonly score: number; readonly fraud: number }[]) =>
  rank(
    rows.map(({ score }) => score),
    rows.map(({ fraud }) => fraud),
  )

describe('curves', () => {
  it('of ROC enclose the area under ROC', () => {
    fc.assert(
      fc.property(someOfEach, (rows) => {
        const ranking = rankingOf(rows)
        expect(areaOf(rocCurve(ranking))).toBeCloseTo(areaUnderRoc(ranking), 10)
      }),
    )
  })

  it('end with everything stopped', () => {
    fc.assert(
      fc.property(someOfEach, (rows) => {
        const ranking = rankingOf(rows)
        expect(rocCurve(ranking).at(-1)).toEqual([1, 1])
        expect(precisionRecallCurve(ranking).at(-1)).toEqual([1, ranking.fraudCount / rows.length])
      }),
    )
  })

  it('of many payments are thinned and keep their ends', () => {
    const rows = Array.from({ length: 5000 }, (_, at) => ({ score: at, fraud: at % 3 === 0 ? 1 : 0 }))
    const curve = rocCurve(rankingOf(rows))
    expect(curve).toHaveLength(400)
    expect([curve[0], curve.at(-1)]).toEqual([
      [0, 0],
      [1, 1],
    ])
    expect(rocPlot([{ name: 'a', value: rankingOf(rows) }]).markup.length).toBeLessThan(20_000)
  })

  it('of calibration put each payment into one group', () => {
    fc.assert(
      fc.property(someOfEach, (rows) => {
        const probabilities = rows.map(({ score }) => score / 20)
        const bins = calibrationBins(
          probabilities,
          rows.map(({ fraud }) => fraud),
        )
        const total = (of: (bin: (typeof bins)[number]) => number): number =>
          bins.reduce((sum, bin) => sum + of(bin), 0)
        expect(total(({ count }) => count)).toBe(rows.length)
        expect(total(({ count, fraudShare }) => count * fraudShare)).toBeCloseTo(
          rows.filter(({ fraud }) => fraud === 1).length,
          9,
        )
        // Equal probabilities stay together, so the means strictly rise.
        bins.reduce((before, { meanProbability }) => {
          expect(meanProbability).toBeGreaterThan(before)
          return meanProbability
        }, -Infinity)
        expect(bins.length).toBeLessThanOrEqual(10)
      }),
    )
  })

  it('of a histogram count what is known once', () => {
    expect(histogramOf([0, 0.5, 1, NaN, 2, -1], evenEnds(0, 1, 2))).toEqual([1, 2])
  })
})
