import type { Redis } from 'ioredis'
import type { ContestantName } from './contestants.ts'
import { enter, type Entrant } from './entrant.redis.ts'
import { runRounds, secondsOf, type Line } from './line.ts'
import type { VelocityOptions } from './options.ts'
import type { Shape } from './workload.ts'

export type Connections = ReadonlyMap<ContestantName, Redis>

/** What rounds add to the past of an entity may be so much of it before it is made anew. */
const grownShare = 0.05

/** Whether what is measured at all sizes of batches leaves the past as good as it was. */
const hardlyGrows = ({ payers, records }: Shape, { payments, rounds, batches }: VelocityOptions): boolean =>
  (payments * rounds * batches.length) / payers < grownShare * records

const enterAll = async (
  connections: Connections,
  shape: Shape,
  options: VelocityOptions,
): Promise<readonly Entrant[]> => {
  const entrants: Entrant[] = []
  for (const [name, redis] of connections)
    if (options.contestants.includes(name)) entrants.push(await enter(name, redis, shape, options))
  return entrants
}

const leaveAll = async (entrants: readonly Entrant[], connections: Connections): Promise<void> => {
  for (const { close } of entrants) await close()
  for (const redis of connections.values()) await redis.flushdb('SYNC')
}

/**
 * Seconds that a contestant would need for one batch, going by those that it was measured with: a batch costs by how
 * many payers it names.
 */
const expectedSeconds = (
  lines: readonly Line[],
  contestant: ContestantName,
  payers: number,
  batchSize: number,
): number =>
  Math.max(
    0,
    ...lines
      .filter((line) => line.contestant === contestant)
      .map((line) => {
        const seconds = secondsOf(line) * line.batchSize
        const timesPayers = Math.min(batchSize, payers) / Math.min(line.batchSize, payers)
        return Number.isNaN(seconds) ? Infinity : seconds * timesPayers
      }),
  )

const lineOf = (
  contestant: ContestantName,
  batchSize: number,
  { payers, records }: Shape,
  entrants: readonly Entrant[],
  rounds: Line['rounds'],
): Line => {
  const entrant = entrants.find(({ name }) => name === contestant)
  return {
    contestant,
    records,
    payers,
    batchSize,
    bytesPerEntity: entrant?.bytesPerEntity ?? NaN,
    heldBytesPerEntity: entrant?.heldBytesPerEntity() ?? NaN,
    rounds,
  }
}

/** All contestants at one size of entities; who would need longer than the limit for one batch sits out. */
export const runSize = async (
  connections: Connections,
  records: number,
  options: VelocityOptions,
  onBatchSize: (batchSize: number) => void,
): Promise<readonly Line[]> => {
  const shape = { payers: Math.max(1, Math.floor(options.records / records)), records }
  const keepsPast = hardlyGrows(shape, options)
  const lines: Line[] = []
  let entrants: readonly Entrant[] | null = null
  for (const batchSize of options.batches) {
    onBatchSize(batchSize)
    entrants ??= await enterAll(connections, shape, options)
    const fast = entrants.filter(
      ({ name }) => expectedSeconds(lines, name, shape.payers, batchSize) <= options.limitSeconds,
    )
    const rounds = await runRounds(fast, shape.payers, batchSize, options)
    for (const contestant of options.contestants)
      lines.push(lineOf(contestant, batchSize, shape, entrants, rounds.get(contestant) ?? []))
    if (keepsPast) continue
    await leaveAll(entrants, connections)
    entrants = null
  }
  if (entrants !== null) await leaveAll(entrants, connections)
  return lines
}
