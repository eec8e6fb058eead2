import { createAvailability } from '../../src/features/availability.redis.ts'
import { declareCovered } from '../../src/features/coverage.redis.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { createRedisHistories } from '../../src/features/histories.redis.ts'
import { createKeys } from '../../src/features/keys.ts'
import { compileFeatures, defaultRetentionMs } from '../../src/features/plan.ts'
import type { Recalled } from '../../src/features/recalled.ts'
import { createRedisSeed } from '../../src/features/seed.redis.ts'
import { featureNames, type OpenContestant } from './contestant.ts'

/** A history of a million payments is read in seconds. */
const commandTimeoutMs = 600_000

/** A log for each entity, and copies of it here, as `sluice run` has them; no outcomes, as the others have none. */
export const openOurs: OpenContestant = async (redis, { copiesMaxBytes }) => {
  const keys = createKeys(createHasher(Buffer.alloc(16, 1)), { maxBytes: copiesMaxBytes })
  const toBase = (amountMinor: number): number => amountMinor
  const availability = createAvailability({ redis, commandTimeoutMs })
  const histories = createRedisHistories({
    redis,
    availability,
    keys,
    toBase,
    now: Date.now,
  })
  const seed = createRedisSeed({ redis, keys, toBase })
  const plan = compileFeatures(featureNames, { retentionMs: defaultRetentionMs })
  await declareCovered(redis, 0)

  const featuresOf = (recalled: Recalled): Float64Array => {
    const row = new Float64Array(plan.names.length)
    const degraded = plan.compute(recalled, row)
    if (degraded.length > 0) throw new Error(`not known: ${degraded.join(', ')}`)
    return row
  }

  return {
    prefill: (past) => seed(past.map((received) => ({ received, outcome: 'ALLOW' as const }))),
    process: async (batch) => (await histories.remember(batch)).map(featuresOf),
    heldBytes: () => keys.bytes,
    close: async () => {
      await histories.close()
      availability.close()
    },
  }
}
