import type { Redis } from 'ioredis'
import { entities, type Contestant } from './contestant.ts'
import { openContestant, type ContestantName } from './contestants.ts'
import type { VelocityOptions } from './options.ts'
import { runRound, type Round } from './round.redis.ts'
import { readDataBytes } from './dataBytes.redis.ts'
import { inLists, nextOf, pastOf, startAt, type Shape } from './workload.ts'

/** A contestant with its past in Redis and its place in the payments to come. */
export type Entrant = {
  readonly name: ContestantName
  /** Of the past, in Redis. */
  readonly bytesPerEntity: number
  /** In this process, as it is now. */
  readonly heldBytesPerEntity: () => number
  /** Takes the next payments of its own. */
  readonly round: (payments: number, batchSize: number) => Promise<Round>
  readonly close: () => Promise<void>
}

/** Measured: larger calls are no cheaper. */
const paymentsPerCall = 8_000

const prefill = async (contestant: Contestant, shape: Shape): Promise<void> => {
  for (const some of inLists(pastOf(shape), paymentsPerCall)) await contestant.prefill(some)
}

/** Empties the database of `redis` first. */
export const enter = async (
  name: ContestantName,
  redis: Redis,
  shape: Shape,
  { copiesMib, roundMs }: VelocityOptions,
): Promise<Entrant> => {
  await redis.flushdb('SYNC')
  const contestant = await openContestant[name](redis, { copiesMaxBytes: copiesMib * 2 ** 20, asOf: startAt })
  const bytesBefore = await readDataBytes(redis)
  await prefill(contestant, shape)
  const bytes = (await readDataBytes(redis)) - bytesBefore
  const entityCount = shape.payers * entities.length
  let taken = 0

  return {
    name,
    bytesPerEntity: bytes / entityCount,
    heldBytesPerEntity: () => contestant.heldBytes() / entityCount,
    round: async (payments, batchSize) => {
      const next = Array.from({ length: payments }, (_, i) => nextOf(shape, taken + i))
      const round = await runRound(contestant, redis, [...inLists(next, batchSize)], roundMs)
      taken += round.payments
      return round
    },
    close: contestant.close,
  }
}
