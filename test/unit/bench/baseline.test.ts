import { describe, expect, it } from 'vitest'
import { compareWith, renewed } from '../../../bench/baseline.ts'
import type { Figure } from '../../../bench/figures.ts'

const machine = { cores: 2, cpu: 'made up', memoryGib: 4, node: 'v20', platform: 'linux-x64' }
const figure = (name: string, median: number, better: Figure['better'] = 'lower'): Figure => ({
  name,
  median,
  least: median,
  most: median,
  unit: '',
  better,
  goal: null,
  failRatio: 1.25,
})
const baseline = { takenOn: machine, figures: { cpu: 100, rate: 5_000 } }

describe('compared with the baseline', () => {
  it('what became worse than the fail ratio fails', () => {
    const [cpu] = compareWith(baseline, [figure('cpu', 126)])
    expect(cpu).toMatchObject({ before: 100, now: 126, timesWorse: 1.26, failed: true })
  })

  it('a little worse or better does not', () => {
    const failed = compareWith(baseline, [figure('cpu', 124), figure('rate', 6_000, 'higher')])
    expect(failed.map((each) => each.failed)).toEqual([false, false])
  })

  it('of a rate less is worse', () => {
    const [rate] = compareWith(baseline, [figure('rate', 2_500, 'higher')])
    expect(rate).toMatchObject({ timesWorse: 2, failed: true })
  })

  it('a new figure and one that was not measured say nothing', () => {
    expect(compareWith(baseline, [figure('memory', 1), figure('cpu', NaN)])).toEqual([])
  })
})

it('a renewed baseline keeps what was not measured', () => {
  expect(renewed(baseline, machine, [figure('cpu', 90.123_45), figure('redis', NaN)])).toEqual({
    takenOn: machine,
    figures: { cpu: 90.12, rate: 5_000 },
  })
})
