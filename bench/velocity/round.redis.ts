import type { Redis } from 'ioredis'
import type { Received } from '../../src/domain/received.ts'
import type { Contestant } from './contestant.ts'
import { nodeCpuMicros, readCpuMicros } from '../cpu.redis.ts'

/** Of a number of batches, one after the other; CPU for each payment. */
export type Round = {
  readonly payments: number
  readonly seconds: number
  readonly paymentsPerSecond: number
  readonly redisMicros: number
  readonly nodeMicros: number
}

/** Processes at least one batch, and no more once `roundMs` are over. */
export const runRound = async (
  { process: processBatch }: Contestant,
  redis: Redis,
  batches: readonly (readonly Received[])[],
  roundMs: number,
): Promise<Round> => {
  const redisBefore = await readCpuMicros(redis)
  const nodeBefore = nodeCpuMicros()
  const startedAt = performance.now()
  let payments = 0
  for (const batch of batches) {
    await processBatch(batch)
    payments += batch.length
    if (performance.now() - startedAt > roundMs) break
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const node = nodeCpuMicros() - nodeBefore
  const redisMicros = (await readCpuMicros(redis)) - redisBefore
  return {
    payments,
    seconds,
    paymentsPerSecond: payments / seconds,
    redisMicros: redisMicros / payments,
    nodeMicros: node / payments,
  }
}
