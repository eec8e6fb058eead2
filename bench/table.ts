import type { Comparison } from './baseline.ts'
import type { Figure, PairsAtRate } from './figures.ts'
import { laterStages, type LatencyRun } from './latency.ts'
import { stages, type Percentiles } from './program.ts'
import { median } from './statistics.ts'

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
export const table = (rows: readonly (readonly string[])[]): string => {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)))
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

const shown = (value: number): string => {
  if (!Number.isFinite(value)) return '-'
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(value >= 10 ? 1 : 2)
}

const goalOf = ({ goal, median: value, better, unit }: Figure): string => {
  if (goal === null || !Number.isFinite(value)) return ''
  const isMet = better === 'lower' ? value <= goal : value >= goal
  const wanted = `${better === 'lower' ? '<=' : '>='} ${goal === 0 ? '0' : shown(goal)} ${unit}`.trimEnd()
  if (isMet) return `${wanted} met`
  return goal === 0
    ? `${wanted} missed`
    : `${wanted} missed by ${Math.round(Math.abs(value / goal - 1) * 100)} %`
}

export const figureTable = (figures: readonly Figure[], comparisons: readonly Comparison[]): string => {
  const compared = new Map(comparisons.map((each) => [each.name, each]))
  return table([
    ['figure', 'median', 'least', 'most', 'unit', 'goal', 'baseline', 'times worse'],
    ...figures.map((figure) => {
      const comparison = compared.get(figure.name)
      return [
        figure.name,
        shown(figure.median),
        shown(figure.least),
        shown(figure.most),
        figure.unit,
        goalOf(figure),
        comparison === undefined ? '' : shown(comparison.before),
        comparison === undefined
          ? ''
          : `${comparison.timesWorse.toFixed(2)}${comparison.failed ? ' FAILED' : ''}`,
      ]
    }),
  ])
}

const medianOf = (
  runs: readonly LatencyRun[],
  value: (run: LatencyRun) => number | null | undefined,
): string => shown(median(runs.map((run) => value(run) ?? NaN)))

const percentileNames = ['p50', 'p99', 'p999'] as const

const timesRow = (
  name: string,
  runs: readonly LatencyRun[],
  times: (run: LatencyRun) => Percentiles | undefined,
) => [
  name,
  ...percentileNames.map((which) => medianOf(runs, (run) => times(run)?.[which])),
  medianOf(runs, (run) => times(run)?.max),
]

/** Medians over the runs at one rate: both programs, then where Sluice's own part goes. Milliseconds. */
export const latencyTable = ({ perSecond, pairs }: PairsAtRate): string => {
  const relay = pairs.map((pair) => pair.relay)
  const sluice = pairs.map((pair) => pair.sluice)
  const cpu = (runs: readonly LatencyRun[]) => [
    medianOf(runs, ({ nodeMicros }) => nodeMicros),
    medianOf(runs, ({ redisMicros }) => redisMicros),
    medianOf(runs, ({ rssMib }) => rssMib),
  ]
  return table([
    [`at ${perSecond}/s, ms`, 'p50', 'p99', 'p99.9', 'max', 'Node us', 'Redis us', 'RSS MiB'],
    [...timesRow('relay, end to end', relay, ({ endToEndMs }) => endToEndMs), ...cpu(relay)],
    [...timesRow('Sluice, end to end', sluice, ({ endToEndMs }) => endToEndMs), ...cpu(sluice)],
    timesRow('  sent late by the generator', sluice, ({ sendLagMs }) => sendLagMs),
    [
      '  own part',
      ...percentileNames.map((which) => medianOf(sluice, ({ ownPartMs }) => ownPartMs?.[which].value)),
    ],
    ...stages.map((stage) => timesRow(`    ${stage}`, sluice, ({ stageMs }) => stageMs?.[stage])),
    ...laterStages.map((stage) => [
      `    ${stage} *`,
      ...percentileNames.map((which) =>
        medianOf(sluice, ({ batchStageMs }) => batchStageMs?.[stage]?.[which].value),
      ),
    ]),
  ])
}

const range = ([low, high]: readonly [number, number]): string => `${shown(low)} to ${shown(high)}`

/** What the interpolated figures hide. */
export const ownPartBuckets = ({ perSecond, pairs }: PairsAtRate): string => {
  const buckets = pairs.flatMap(({ sluice: { ownPartMs } }) => (ownPartMs === null ? [] : [ownPartMs]))
  const inBuckets = (which: 'p99' | 'p999'): string =>
    [...new Set(buckets.map((each) => range(each[which].bucket)))].join('; ')
  return `at ${perSecond}/s the own part's p99 lies in the bucket of ${inBuckets('p99')} ms, p99.9 in ${inBuckets('p999')} ms\n`
}
