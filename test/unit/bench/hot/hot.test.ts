import { describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../../../src/dispatch.ts'
import { boundBytes, hotFigures, type HotPair } from '../../../../bench/hot/figures.ts'
import { parseOptions, type HotOptions } from '../../../../bench/hot/options.ts'
import type { HotRun } from '../../../../bench/hot/run.redis.ts'
import { arrivalsOf, hotCard, hotMerchant, receivedAt } from '../../../../bench/hot/traffic.ts'

const options = parseOptions(['--quick']) as HotOptions

describe("the hot bench's traffic", () => {
  test('has the same payments of the others with a burst and without it', () => {
    const [given, without] = [arrivalsOf('card', 'with', options), arrivalsOf('card', 'without', options)]
    expect(given.filter(({ isHot }) => !isHot)).toEqual(without)
    expect(given.filter(({ isHot }) => isHot)).toHaveLength(options.burst)
    const times = given.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test('gives half of all payments to one merchant, or spreads them', () => {
    const [given, without] = [
      arrivalsOf('merchant', 'with', options),
      arrivalsOf('merchant', 'without', options),
    ]
    expect(given.map(({ atMs }) => atMs)).toEqual(without.map(({ atMs }) => atMs))
    expect(given.filter(({ isHot }) => isHot)).toHaveLength(given.length / 2)
    expect(without.some(({ isHot }) => isHot)).toBe(false)
  })

  test('names the hot entity in hot payments alone', () => {
    const of = (scenario: 'card' | 'merchant', isHot: boolean) =>
      receivedAt(scenario, { atMs: 0, isHot, person: 3 }, 9, 1_000).payment
    expect([of('card', true).cardToken, of('card', false).cardToken]).toEqual([hotCard, 'card-3'])
    expect(of('card', true).merchantId).toBe(of('card', false).merchantId)
    expect(of('merchant', true)).toEqual({ ...of('merchant', false), merchantId: hotMerchant })
  })
})

const run = (p99: number, mostBytes: number): HotRun => ({
  othersMs: { p50: 1, p99, p999: p99, max: p99 },
  payments: 1,
  seconds: 1,
  mostBytes,
  lastBytes: mostBytes / 2,
  folds: 1,
  nodeMicros: 1,
  redisMicros: 1,
})

test('the ratio is the median of the ratios of pairs', () => {
  const pairs = [
    [10, 10],
    [30, 10],
    [12, 10],
    [20, 10],
    [90, 60],
  ].map(([given = 0, without = 0]): HotPair => ({
    scenario: 'card',
    with: run(given, 100),
    without: run(without, 0),
  }))
  const figures = hotFigures(pairs)
  expect(figures.map(({ name }) => name)).toEqual([
    'hot card: p99 of the others, with to without',
    'hot card: p50 of the others, with to without',
    'hot card: longest log',
    'hot card: log in the end',
  ])
  expect(figures[0]).toMatchObject({ median: 1.5, least: 1, most: 3, goal: 1.5 })
  expect(figures[2]).toMatchObject({ median: 100, goal: boundBytes })
})

test.each([['--scenarios', 'car'], ['--pairs', '0'], ['--nothing']])('refuses %j', (...args) => {
  expect(() => parseOptions(args)).toThrow(expect.toSatisfy((error) => exitCodeOf(error) === 2))
})
