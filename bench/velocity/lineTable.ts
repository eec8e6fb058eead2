import { spreadOf } from '../statistics.ts'
import { table } from '../table.ts'
import { beside, rateOf, type Line } from './line.ts'
import type { Round } from './round.redis.ts'

const shown = (value: number): string => {
  if (!Number.isFinite(value)) return '-'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

const medianOf = (rounds: readonly Round[], valueOf: (round: Round) => number): string =>
  shown(spreadOf(rounds.map(valueOf)).median)

/** "least to most": how far apart the rounds were. */
const rangeOf = (rounds: readonly Round[], valueOf: (round: Round) => number): string => {
  const { least, most } = spreadOf(rounds.map(valueOf))
  return rounds.length === 0 ? '-' : `${shown(least)} to ${shown(most)}`
}

const rate = ({ paymentsPerSecond }: Round): number => paymentsPerSecond

/** Medians over the rounds; CPU in microseconds a payment, bytes for each entity. */
export const lineTable = (lines: readonly Line[]): string =>
  table([
    [
      'records, batch, contestant',
      'payments/s',
      'least to most',
      'of sorted sets',
      'Redis us',
      'Node us',
      'bytes in Redis',
      'held in Node',
      'rounds',
    ],
    ...lines.map((line) => {
      const { records, batchSize, contestant, rounds, bytesPerEntity, heldBytesPerEntity } = line
      return [
        `${records.toLocaleString('en')}, ${batchSize}, ${contestant}`,
        medianOf(rounds, rate),
        rangeOf(rounds, rate),
        shown(rateOf(line) / rateOf(beside(lines, line, 'sortedSets'))),
        medianOf(rounds, ({ redisMicros }) => redisMicros),
        medianOf(rounds, ({ nodeMicros }) => nodeMicros),
        shown(bytesPerEntity),
        shown(heldBytesPerEntity),
        rounds.length === 0 ? 'too slow' : String(rounds.length),
      ]
    }),
  ])
