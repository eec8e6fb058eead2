import type { DrainResult } from './drain.ts'
import type { LatencyRun } from './latency.ts'
import { ratioOfPairs, type Pair } from './pairs.ts'
import { spreadOf, type Spread } from './statistics.ts'

/** One number that is compared with what it was before and with what it should be. */
export type Figure = Spread & {
  readonly name: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
  /** What the project has promised; null where it has not. */
  readonly goal: number | null
  /** How many times worse than the baseline it may become before the bench fails. */
  readonly failRatio: number
}

export type PairsAtRate = { readonly perSecond: number; readonly pairs: readonly Pair<LatencyRun>[] }

/** Times of the same program differ this much from one run to the next on a small machine; CPU much less. */
const timeFailRatio = 2
const cpuFailRatio = 1.25
const memoryFailRatio = 1.25
const memoryGoalMib = 600

const known = (values: readonly (number | null)[]): Spread =>
  spreadOf(values.filter((value) => value !== null))

const lower = (
  name: string,
  unit: string,
  spread: Spread,
  failRatio: number,
  goal: number | null = null,
): Figure => ({
  name,
  unit,
  ...spread,
  better: 'lower',
  goal,
  failRatio,
})

export const drainFigures = (runs: readonly DrainResult[]): readonly Figure[] => [
  {
    name: 'drain payments/s',
    unit: '/s',
    ...spreadOf(runs.map(({ paymentsPerSecond }) => paymentsPerSecond)),
    better: 'higher',
    goal: 5_000,
    failRatio: cpuFailRatio,
  },
  lower('drain CPU, Node and Redis', 'us', known(runs.map(({ cpuMicros }) => cpuMicros)), cpuFailRatio, 120),
  lower('drain CPU, Node', 'us', spreadOf(runs.map(({ nodeMicros }) => nodeMicros)), cpuFailRatio),
  lower('drain CPU, Redis', 'us', known(runs.map(({ redisMicros }) => redisMicros)), cpuFailRatio),
  lower('drain inputs missing', '', spreadOf(runs.map(({ degraded }) => degraded)), timeFailRatio, 0),
  lower(
    'drain peak memory beside the copies',
    'MiB',
    spreadOf(runs.map(({ peakRssMib, copiesMib }) => peakRssMib - copiesMib)),
    memoryFailRatio,
    memoryGoalMib,
  ),
]

/** Goals hold from 1,000 payments/s on: at fewer the relay's tail is mostly the machine's. */
const goalsFromPerSecond = 1_000

const cpuOf = ({ nodeMicros, redisMicros }: LatencyRun): number | null =>
  redisMicros === null ? null : nodeMicros + redisMicros

export const latencyFigures = ({ perSecond, pairs }: PairsAtRate): readonly Figure[] => {
  const at = `${perSecond}/s`
  const runs = pairs.map(({ sluice }) => sluice)
  const goal = (value: number): number | null => (perSecond >= goalsFromPerSecond ? value : null)
  const own = (which: 'p50' | 'p99' | 'p999'): Spread =>
    known(runs.map(({ ownPartMs }) => ownPartMs?.[which].value ?? null))
  return [
    lower(
      `${at} p99, Sluice to relay`,
      'x',
      ratioOfPairs(pairs, ({ endToEndMs }) => endToEndMs.p99),
      timeFailRatio,
      goal(1.5),
    ),
    lower(
      `${at} p50, Sluice to relay`,
      'x',
      ratioOfPairs(pairs, ({ endToEndMs }) => endToEndMs.p50),
      timeFailRatio,
    ),
    lower(`${at} own part p50`, 'ms', own('p50'), timeFailRatio),
    lower(`${at} own part p99`, 'ms', own('p99'), timeFailRatio, goal(10)),
    lower(`${at} own part p99.9`, 'ms', own('p999'), timeFailRatio, goal(25)),
    lower(`${at} CPU, Node and Redis`, 'us', known(runs.map(cpuOf)), cpuFailRatio),
    lower(`${at} inputs missing`, '', spreadOf(runs.map(({ degraded }) => degraded)), timeFailRatio, 0),
    lower(
      `${at} memory beside the copies`,
      'MiB',
      spreadOf(runs.map(({ rssMib, copiesMib }) => rssMib - copiesMib)),
      memoryFailRatio,
      memoryGoalMib,
    ),
  ]
}
