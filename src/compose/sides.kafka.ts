import type { Kafka, Producer } from 'kafkajs'
import type { Arrived, ReadReports } from '../attestation/readReports.ts'
import type { Config } from '../config.ts'
import type { Happening } from '../domain/happening.ts'
import { lagBit, nothingLags, sideInputs, type Lagging, type SideInput } from '../features/degraded.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { retryOptions } from '../stream/client.kafka.ts'
import { createAccountEventDecoder } from '../stream/codec/accountEvent.ts'
import { createDeviceHealthDecoder } from '../stream/codec/deviceHealth.ts'
import { createRiskFeedbackDecoder } from '../stream/codec/riskFeedback.ts'
import type { SideDecoderDeps } from '../stream/codec/sideDecoder.ts'
import { decodeAccountEvents, decodeFeedback, isRefused } from '../stream/happenings.ts'
import { createSideConsumer, type SideConsumer, type SideConsumerDeps } from '../stream/sideConsumer.kafka.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { createWatermarks } from '../stream/watermarks.kafka.ts'
import { createTakeReports, decodeArrived } from './deviceReports.ts'
import type { Stores } from './stores.redis.ts'
import type { OpenTable } from './tables.kafka.ts'

/** How long a side topic rests after what it feeds was away. */
const retryPauseMs = 1_000

export type SidesDeps = {
  readonly config: Config
  readonly kafka: Kafka
  readonly consumerOptions: Omit<Parameters<Kafka['consumer']>[0], 'groupId'>
  readonly producer: Producer
  readonly topics: TopicNames
  readonly stores: Pick<Stores, 'histories' | 'deviceStates'>
  readonly decoderDeps: SideDecoderDeps
  readonly readReports: ReadReports
  /** How far these are behind is watched like the others. */
  readonly tables: readonly OpenTable[]
  readonly metrics: Metrics
  readonly log: Log
  readonly monotonic: () => number
  readonly onCrash: (error: Error) => void
}

/** The topics beside the payments: what takes them over, and how far that is behind. */
export type Sides = {
  /** Resolves when it is known which topics lag, or when that takes too long: those that are not known do. */
  readonly startWatermarks: () => Promise<void>
  readonly startConsumers: () => Promise<void>
  readonly lagging: () => Lagging
  readonly stop: () => Promise<void>
}

export const createSides = (deps: SidesDeps): Sides => {
  const { config, kafka, topics, stores, decoderDeps, metrics, log, monotonic } = deps
  const topicOf: Readonly<Record<SideInput, string>> = {
    'account-events': topics.accountEvents,
    'device-health': topics.deviceHealth,
    'policy-lists': topics.policyLists,
    'risk-feedback': topics.riskFeedback,
    'threat-intel': topics.threatIntel,
    vulnerabilities: topics.vulnerabilities,
  }
  const tableOf = (name: SideInput): OpenTable | undefined => deps.tables.find((table) => table.name === name)
  const groupOf = (name: SideInput): string => tableOf(name)?.groupId ?? `${config.groupId}-${name}`

  const consumerOf = <T>(
    name: SideInput,
    own: Pick<SideConsumerDeps<T>, 'decode' | 'isRefused' | 'apply' | 'observe'>,
  ): SideConsumer =>
    createSideConsumer<T>({
      ...own,
      consumer: kafka.consumer({ ...deps.consumerOptions, groupId: groupOf(name) }),
      producer: deps.producer,
      topic: topicOf[name],
      deadLetters: topics.deadLetters,
      retryPauseMs,
      monotonic,
      onFailure: (error) =>
        log.warn({ error, topic: topicOf[name] }, 'a side topic waits until Redis answers'),
      onCrash: deps.onCrash,
    })

  const consumers = [
    consumerOf<Arrived>('device-health', {
      decode: decodeArrived(createDeviceHealthDecoder(decoderDeps), decoderDeps.now),
      isRefused: (decoded) => 'reason' in decoded,
      apply: createTakeReports(deps.readReports, stores.deviceStates, ({ format, result, flaw }) => {
        metrics.countDeviceDocument(format, result)
        if (flaw !== null) log.debug({ format, result, flaw }, 'a document about a device proves nothing')
      }),
      observe: metrics.countDeviceReports,
    }),
    consumerOf<Happening>('account-events', {
      decode: decodeAccountEvents(createAccountEventDecoder(decoderDeps), decoderDeps.now),
      isRefused,
      apply: stores.histories.note,
      observe: metrics.countAccountEvents,
    }),
    consumerOf<Happening>('risk-feedback', {
      decode: decodeFeedback(createRiskFeedbackDecoder(decoderDeps), decoderDeps.now),
      isRefused,
      apply: stores.histories.note,
      observe: metrics.countFeedback,
    }),
  ]

  const watermarks = createWatermarks<SideInput>({
    watched: sideInputs.map((name) => ({ name, topic: topicOf[name], groupId: groupOf(name) })),
    // One try: the next look is due in a second.
    createAdmin: () => kafka.admin({ retry: { ...retryOptions, retries: 0 } }),
    monotonic,
    limitMs: config.sideLagLimitMs,
    observeLag: metrics.setSideLag,
    onChange: (name, isLagging) => {
      const told = { topic: topicOf[name], limitMs: config.sideLagLimitMs }
      if (isLagging) log.warn(told, 'a side topic lags: features that depend on it are not known')
      else log.info(told, 'a side topic has caught up')
    },
    onFailure: (error) => log.warn({ error }, 'Kafka does not tell how far the side topics are behind'),
  })
  const bits = sideInputs.map((name) => {
    const table = tableOf(name)
    return { name, bit: lagBit(name), isMissing: () => table !== undefined && table.missing() !== null }
  })

  return {
    startWatermarks: watermarks.start,
    startConsumers: async () => void (await Promise.all(consumers.map((each) => each.start()))),
    lagging: () => {
      let lagging = nothingLags
      for (const { name, bit, isMissing } of bits)
        if (watermarks.isLagging(name) || isMissing()) lagging |= bit
      return lagging
    },
    stop: async () => {
      await Promise.all([watermarks, ...consumers].map((each) => each.stop()))
    },
  }
}
