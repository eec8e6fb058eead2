import { metadataMaxAgeMs } from './client.kafka.ts'

export type ConsumerSettings = {
  readonly sessionTimeoutMs: number
  readonly maxWaitMs: number
  /** Of one fetch from one broker. */
  readonly fetchMaxBytes: number
}

/**
 * Of a partition in one fetch: some four hundred payments. kafkajs decodes a fetch in one go and holds it until all of
 * it is answered, so that 1 MiB of each (its default) lives to be old: 40 MiB more when draining. With 64 KiB draining
 * is a quarter slower. One larger record comes nevertheless.
 */
const fetchBytes = 262_144

/**
 * A rebalance waits so long for members that still answer what they have in hand (the longest is a send given up after
 * 20 s), and a member so long, and 5 s, for a coordinator that hangs. kafkajs's default is 60 s.
 */
const rejoinMs = 30_000

/** What every consumer of the processor is made with, beside its group. */
export const consumerOptionsOf = ({ sessionTimeoutMs, maxWaitMs, fetchMaxBytes }: ConsumerSettings) => ({
  sessionTimeout: sessionTimeoutMs,
  heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
  rebalanceTimeout: rejoinMs,
  maxWaitTimeInMs: maxWaitMs,
  maxBytesPerPartition: fetchBytes,
  maxBytes: fetchMaxBytes,
  metadataMaxAge: metadataMaxAgeMs,
  allowAutoTopicCreation: false,
})
