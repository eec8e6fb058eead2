import type { Redis } from 'ioredis'
import { createAvailability } from '../src/features/availability.redis.ts'
import { declareCovered } from '../src/features/coverage.redis.ts'
import type { FoldingOptions } from '../src/features/folding.redis.ts'
import { createHasher } from '../src/features/hashing.ts'
import type { Histories, HistoriesEvent } from '../src/features/histories.ts'
import { createRedisHistories } from '../src/features/histories.redis.ts'
import { createKeys, type Keys } from '../src/features/keys.ts'

/** Histories as `sluice run` has them, and what they report. */
export type BenchHistories = {
  readonly histories: Histories
  readonly keys: Keys
  readonly counts: ReadonlyMap<HistoriesEvent, number>
  readonly close: () => Promise<void>
}

export type BenchHistoriesOptions = {
  /** null: no log is folded. */
  readonly folding: FoldingOptions | null
  /** Epoch ms; a clock that runs faster needs a longer `copyMaxAgeMs`. */
  readonly now: () => number
  readonly copyMaxAgeMs: number
  readonly copiesMaxBytes: number
  readonly outcomesWait: boolean
}

export const toBase = (amountMinor: number): number => amountMinor

/** Long calls are what is measured, not failures. */
const commandTimeoutMs = 600_000

/** In an empty database, all of whose past is known. */
export const openBenchHistories = async (
  redis: Redis,
  { folding, copiesMaxBytes, ...options }: BenchHistoriesOptions,
): Promise<BenchHistories> => {
  const keys = createKeys(createHasher(Buffer.alloc(16, 1)), { maxBytes: copiesMaxBytes })
  const availability = createAvailability({ redis, commandTimeoutMs })
  const counts = new Map<HistoriesEvent, number>()
  await declareCovered(redis, 0)
  const histories = createRedisHistories({
    ...options,
    ...(folding === null ? {} : { folding }),
    redis,
    availability,
    keys,
    toBase,
    onEvent: (event, count) => void counts.set(event, (counts.get(event) ?? 0) + count),
  })
  return {
    histories,
    keys,
    counts,
    close: async () => {
      await histories.close()
      availability.close()
    },
  }
}
