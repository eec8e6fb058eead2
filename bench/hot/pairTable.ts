import { table } from '../table.ts'
import type { HotPair } from './figures.ts'
import type { HotRun } from './run.redis.ts'

const count = (value: number): string => Math.round(value).toLocaleString('en')

const cells = (name: string, run: HotRun): readonly string[] => [
  name,
  run.othersMs.p50.toFixed(2),
  run.othersMs.p99.toFixed(2),
  run.othersMs.max.toFixed(1),
  count(run.payments),
  run.seconds.toFixed(1),
  count(run.nodeMicros),
  count(run.redisMicros),
  count(run.mostBytes),
  count(run.folds),
]

const heads = [
  'run',
  'p50 ms',
  'p99 ms',
  'max ms',
  'payments',
  'seconds',
  'Node us',
  'Redis us',
  'longest log',
  'folds',
] as const

/** Every run; milliseconds of the others from arrival to features, CPU a payment. */
export const pairTable = (pairs: readonly HotPair[]): string =>
  table([
    heads,
    ...pairs.flatMap((pair) => [
      cells(`${pair.scenario}, with`, pair.with),
      cells(`${pair.scenario}, without`, pair.without),
    ]),
  ])
