import { median } from '../statistics.ts'
import type { ContestantName } from './contestants.ts'
import type { Entrant } from './entrant.redis.ts'
import type { VelocityOptions } from './options.ts'
import type { Round } from './round.redis.ts'

/** What one contestant gave at one size of entities and batches. */
export type Line = {
  readonly contestant: ContestantName
  readonly records: number
  readonly payers: number
  readonly batchSize: number
  readonly bytesPerEntity: number
  readonly heldBytesPerEntity: number
  /** Without the first one, which warms up, unless there was time for that one only. */
  readonly rounds: readonly Round[]
}

/** Whole batches, at least one. */
const wholeBatches = (payments: number, batchSize: number): number =>
  Math.max(1, Math.round(payments / batchSize)) * batchSize

/** Who begins changes from round to round: what the machine does to one it does to the others too. */
const inTurn = <T>(list: readonly T[], round: number): readonly T[] => {
  const first = round % Math.max(1, list.length)
  return [...list.slice(first), ...list.slice(0, first)]
}

const medianOf = (line: Line | undefined, valueOf: (round: Round) => number): number =>
  median((line?.rounds ?? []).map(valueOf))

/** Payments a second; NaN of one who was too slow to be measured. */
export const rateOf = (line: Line | undefined): number =>
  medianOf(line, ({ paymentsPerSecond }) => paymentsPerSecond)

/** Seconds a payment. */
export const secondsOf = (line: Line): number => medianOf(line, ({ seconds, payments }) => seconds / payments)

/** The line of another contestant beside this one. */
export const beside = (lines: readonly Line[], line: Line, contestant: ContestantName): Line | undefined =>
  lines.find(
    (other) =>
      other.contestant === contestant && other.records === line.records && other.batchSize === line.batchSize,
  )

/** All contestants in turn, round by round, after a round in which each payer pays once. */
export const runRounds = async (
  entrants: readonly Entrant[],
  payers: number,
  batchSize: number,
  options: VelocityOptions,
): Promise<ReadonlyMap<ContestantName, readonly Round[]>> => {
  const warmUp = wholeBatches(payers, batchSize)
  const payments = wholeBatches(options.payments, batchSize)
  const rounds = new Map<ContestantName, Round[]>(entrants.map(({ name }) => [name, []]))
  const hasTime = (done: readonly Round[]): boolean =>
    done.reduce((sum, { seconds }) => sum + seconds, 0) < options.limitSeconds
  for (let round = 0; round <= options.rounds; round++)
    for (const { name, round: run } of inTurn(entrants, round)) {
      const done = rounds.get(name) ?? []
      if (hasTime(done)) done.push(await run(round === 0 ? warmUp : payments, batchSize))
    }
  return new Map([...rounds].map(([name, done]) => [name, done.length > 1 ? done.slice(1) : done]))
}
