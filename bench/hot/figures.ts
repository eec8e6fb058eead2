import type { Figure } from '../figures.ts'
import { spreadOf } from '../statistics.ts'
import type { ScenarioName } from './options.ts'
import type { HotRun } from './run.redis.ts'

/** The same payments of the others with the hot entity and without it, one soon after the other. */
export type HotPair = { readonly scenario: ScenarioName; readonly with: HotRun; readonly without: HotRun }

/** B of docs/velocity.md. */
export const boundBytes = 320 * 1_024
const p99Goal = 1.5
const timeFailRatio = 2
const bytesFailRatio = 1.25

export const hotFigures = (pairs: readonly HotPair[]): readonly Figure[] =>
  [...new Set(pairs.map(({ scenario }) => scenario))].flatMap((scenario): readonly Figure[] => {
    const some = pairs.filter((pair) => pair.scenario === scenario)
    const ratioOf = (which: 'p50' | 'p99') =>
      spreadOf(some.map((pair) => pair.with.othersMs[which] / pair.without.othersMs[which]))
    return [
      {
        name: `hot ${scenario}: p99 of the others, with to without`,
        unit: 'x',
        ...ratioOf('p99'),
        better: 'lower',
        goal: p99Goal,
        failRatio: timeFailRatio,
      },
      {
        name: `hot ${scenario}: p50 of the others, with to without`,
        unit: 'x',
        ...ratioOf('p50'),
        better: 'lower',
        goal: null,
        failRatio: timeFailRatio,
      },
      {
        name: `hot ${scenario}: longest log`,
        unit: 'bytes',
        ...spreadOf(some.map((pair) => pair.with.mostBytes)),
        better: 'lower',
        goal: boundBytes,
        failRatio: bytesFailRatio,
      },
      {
        name: `hot ${scenario}: log in the end`,
        unit: 'bytes',
        ...spreadOf(some.map((pair) => pair.with.lastBytes)),
        better: 'lower',
        goal: boundBytes,
        failRatio: bytesFailRatio,
      },
    ]
  })
