import type { Kafka, Producer } from 'kafkajs'
import type { Config } from '../config.ts'
import type { Lagging } from '../features/degraded.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { SideDecoderDeps } from '../stream/codec/sideDecoder.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { openReadReports } from './attestations.ts'
import { openFeedbackTrust } from './feedbackTrust.file.ts'
import type { Knowledge } from './knowledge.ts'
import type { OpenNotices } from './openNotices.kafka.ts'
import { createReporting } from './reporting.kafka.ts'
import { createSides } from './sides.kafka.ts'
import type { Stores } from './stores.redis.ts'

export type AsideDeps = {
  readonly config: Config
  readonly kafka: Kafka
  readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
  readonly producer: Producer
  readonly topics: TopicNames
  readonly stores: Stores
  readonly knowledge: Knowledge
  readonly notices: Pick<OpenNotices, 'telling'>
  readonly decoderDeps: SideDecoderDeps
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
  readonly onCrash: (error: Error) => void
}

/** All topics but the payments: tables in memory, what goes into the stores, cases and what is shared. */
export type Aside = {
  /** Resolves when what payments ask for first is there, or when that takes too long. */
  readonly prepare: () => Promise<void>
  readonly start: () => Promise<void>
  readonly lagging: () => Lagging
  /** By table, why the instance is not ready; null: it is loaded. */
  readonly missing: () => Readonly<Record<string, string | null>>
  readonly stop: () => Promise<void>
}

export const openAside = async (deps: AsideDeps): Promise<Aside> => {
  const { config, kafka, topics, stores, decoderDeps, metrics, log } = deps
  const trust = await openFeedbackTrust(config, metrics.countFeedbackProof)
  if (config.feedbackTrust === 'any') log.warn('feedback is believed without proof (SLUICE_FEEDBACK_TRUST)')
  const tables = deps.knowledge.openTables({ ...deps, groupId: config.groupId }, decoderDeps)
  const sides = createSides({
    ...deps,
    tables,
    stores: deps.notices.telling(stores),
    decoderDeps: { ...decoderDeps, ...trust.counted },
    readReports: await openReadReports({
      config,
      usedOnce: stores.usedOnce,
      monotonic: deps.monotonic,
      warn: (message, error) => log.warn({ error }, message),
    }),
  })
  const reporting = createReporting({
    config,
    kafka,
    consumerOptions: deps.consumerOptions,
    topics,
    decoderDeps: { ...decoderDeps, ...trust.silent },
    metrics,
    log,
    now: deps.now,
    monotonic: deps.monotonic,
    onCrash: deps.onCrash,
  })
  return {
    prepare: async () => {
      await Promise.all(tables.map((table) => table.start()))
      await sides.startWatermarks()
    },
    start: async () => {
      await Promise.all([sides.startConsumers(), reporting.start()])
    },
    lagging: sides.lagging,
    missing: () => Object.fromEntries(tables.map(({ name, missing }) => [name, missing()])),
    stop: async () => {
      await Promise.all([sides.stop(), reporting.stop(), ...tables.map((table) => table.stop())])
    },
  }
}
