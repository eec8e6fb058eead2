import type { Redis } from 'ioredis'
import { entityToken, entityTypes } from '../../src/domain/entity.ts'
import type { Received } from '../../src/domain/received.ts'
import { createFoldLog, foldingDefaults } from '../../src/features/folding.redis.ts'
import type { Keys } from '../../src/features/keys.ts'
import { compileFeatures, defaultRetentionMs } from '../../src/features/plan.ts'
import type { Recalled } from '../../src/features/recalled.ts'
import { createRedisSeed } from '../../src/features/seed.redis.ts'
import { openBenchHistories, toBase } from '../histories.redis.ts'
import { featureNames, type OpenContestant } from './contestant.ts'
import { inPieces } from './workload.ts'

const folding = { ...foldingDefaults, retentionMs: defaultRetentionMs }
/** What comes to a log between two folds. */
const betweenFolds = folding.foldAbove - folding.keep

/** Appends payments of the past and folds every log when it is long, as if they had come one after the other. */
const createPrefill = (redis: Redis, keys: Keys): ((past: readonly Received[]) => Promise<void>) => {
  const seed = createRedisSeed({ redis, keys, toBase })
  const foldLog = createFoldLog(redis, folding)
  const payments = new Map<string, number>()

  const logsOf = ({ payment }: Received): readonly string[] =>
    entityTypes.flatMap((type, slot) => {
      const token = entityToken[type](payment)
      return token === null ? [] : [keys.entity(slot, token).key]
    })

  return async (past) => {
    for (const { piece, counts } of inPieces(past, logsOf, betweenFolds)) {
      await seed(piece.map((received) => ({ received, outcome: 'ALLOW' as const })))
      for (const [log, count] of counts) {
        const held = (payments.get(log) ?? 0) + count
        const isFolded = held > folding.foldAbove && (await foldLog(log)) !== null
        payments.set(log, isFolded ? folding.keep : held)
      }
    }
  }
}

/**
 * A log for each entity, folded as `sluice run` does, and copies of it here. The others keep no outcomes: here each
 * payment brings its own, which costs no bytes and no call, and no fold waits for it.
 */
export const openOurs: OpenContestant = async (redis, { copiesMaxBytes }) => {
  const { histories, keys, close } = await openBenchHistories(redis, {
    folding,
    now: Date.now,
    copyMaxAgeMs: 600_000,
    copiesMaxBytes,
    outcomesWait: true,
  })
  const plan = compileFeatures(featureNames, { retentionMs: defaultRetentionMs })

  const featuresOf = (recalled: Recalled): Float64Array => {
    const row = new Float64Array(plan.names.length)
    const degraded = plan.compute(recalled, row)
    if (degraded.length > 0) throw new Error(`not known: ${degraded.join(', ')}`)
    return row
  }

  return {
    prefill: createPrefill(redis, keys),
    process: async (batch) => {
      const allowed = batch.map(() => 'ALLOW' as const)
      return (await histories.remember(batch, allowed)).map(featuresOf)
    },
    heldBytes: () => keys.bytes,
    close,
  }
}
