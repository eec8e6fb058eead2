import { randomBytes } from 'node:crypto'
import { redisAccessOf } from '../compose/access.ts'
import { openReadReports } from '../compose/attestations.ts'
import { openFeedbackTrust } from '../compose/feedbackTrust.file.ts'
import { usedOnceTtl } from '../compose/stores.redis.ts'
import { openKafka } from '../compose/kafka.kafka.ts'
import type { Config } from '../config.ts'
import { createToBase } from '../features/baseCurrency.ts'
import { foldingDefaults } from '../features/folding.redis.ts'
import { createHasher } from '../features/hashing.ts'
import { expiryFor } from '../features/histories.redis.ts'
import { createKeys } from '../features/keys.ts'
import { readRates } from '../features/rates.file.ts'
import type { Log } from '../ops/log.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { createDecoders } from '../offline/rebuild/decoders.ts'
import { openRebuildNodes } from '../offline/rebuild/nodes.redis.ts'
import { rebuild, type RebuildDeps, type Rebuilt } from '../offline/rebuild/rebuild.ts'
import { openSourceTopics } from '../offline/rebuild/topics.kafka.ts'

export type RebuildOptions = Pick<
  RebuildDeps,
  'again' | 'replaceUnreadable' | 'coveredSince' | 'signal' | 'onProgress'
> & {
  readonly config: Config
  readonly log: Log
  /** Epoch ms; null: as far back as histories are kept. */
  readonly from: number | null
}

const dayMs = 86_400_000
const runBytes = 6

/** A rebuild with the real parts: the very settings, codecs, keys and rates that the processor has. */
export const runRebuild = async ({ config, log, from, ...options }: RebuildOptions): Promise<Rebuilt> => {
  const now = Date.now
  const run = randomBytes(runBytes).toString('hex')
  const retentionMs = config.historyRetentionDays * dayMs
  const since = from ?? now() - retentionMs
  const hasher = createHasher(config.hashKey())
  const keys = createKeys(hasher, { maxBytes: config.copyCacheBytes })
  const [schemas, trust, rates] = await Promise.all([
    loadSchemas(config.schemasDir),
    openFeedbackTrust(config),
    readRates(config.ratesFile, config.baseCurrency),
  ])
  const kafka = openKafka(config, log)

  const nodes = await openRebuildNodes({
    url: config.redisUrl,
    access: redisAccessOf(config),
    hasher,
    keys,
    usedOnceTtlMs: usedOnceTtl(config.attestationMaxAgeMs),
  })
  try {
    const topics = await openSourceTopics({
      kafka,
      topics: topicNames(config.topicPrefix),
      groupId: `${config.groupId}-rebuild-${run}`,
      from: since,
    })
    try {
      return await rebuild({
        ...options,
        nodes,
        readReports: await openReadReports({
          config,
          usedOnce: nodes.usedOnce,
          monotonic: () => performance.now(),
          warn: (message, error) => log.warn({ error }, message),
        }),
        topics,
        keys,
        run,
        now,
        from: since,
        toBase: createToBase({ currency: config.baseCurrency, rates }),
        decoders: createDecoders({
          schemas,
          maxBytes: config.maxMessageBytes,
          maxFutureMs: config.maxFutureMs,
          now,
          hashContent: hasher.hashContent,
          ...trust.silent,
        }),
        folding: { ...foldingDefaults, retentionMs },
        expiryMs: expiryFor(retentionMs),
      })
    } finally {
      await topics.close()
    }
  } finally {
    nodes.close()
  }
}
