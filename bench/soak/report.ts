import { table } from '../table.ts'
import type { Sample, Verdict } from './sample.ts'

const mebibytes = (bytes: number): string => (Number.isNaN(bytes) ? '-' : (bytes / 2 ** 20).toFixed(2))
const count = (value: number): string => value.toLocaleString('en')

const sampleHeads = ['day', 'payments', 'keys', 'logs MiB', 'Redis MiB', 'process MiB', 'folds'] as const

const sampleCells = (sample: Sample): readonly string[] => [
  String(sample.day),
  count(sample.payments),
  count(sample.keys),
  mebibytes(sample.logBytes),
  mebibytes(sample.redisBytes),
  mebibytes(sample.processBytes),
  count(sample.folds),
]

export const soakTable = (samples: readonly Sample[], verdicts: readonly Verdict[]): string =>
  [
    table([sampleHeads, ...samples.map(sampleCells)]),
    table([
      ['last third over middle third', 'ratio', ''],
      ...verdicts.map(({ of, ratio, isLevel }) => [
        of,
        Number.isNaN(ratio) ? '-' : ratio.toFixed(3),
        Number.isNaN(ratio) ? 'not measured' : isLevel ? 'level' : 'GROWS',
      ]),
    ]),
  ].join('\n')
