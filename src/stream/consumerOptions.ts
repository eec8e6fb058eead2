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

/** What every consumer of the processor is made with, beside its group. */
export const consumerOptionsOf = ({ sessionTimeoutMs, maxWaitMs, fetchMaxBytes }: ConsumerSettings) => ({
  sessionTimeout: sessionTimeoutMs,
  heartbeatInterval: Math.floor(sessionTimeoutMs / 5),
  maxWaitTimeInMs: maxWaitMs,
  maxBytesPerPartition: fetchBytes,
  maxBytes: fetchMaxBytes,
  metadataMaxAge: metadataMaxAgeMs,
  allowAutoTopicCreation: false,
})
