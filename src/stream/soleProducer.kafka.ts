import type { Kafka, Producer } from 'kafkajs'
import { metadataMaxAgeMs, retryOptions } from './client.kafka.ts'

/** A transaction that its writer leaves open is ended by the broker after this. */
const transactionTimeoutMs = 20_000
/** A transaction follows at once upon the one before, which the broker may still be completing. */
const initialRetryMs = 10

/** The producer of one who writes alone (src/stream/soleWriter.kafka.ts): one send at a time, in transactions. */
export const createSoleProducer = (kafka: Kafka, transactionalId: string): Producer =>
  kafka.producer({
    transactionalId,
    idempotent: true,
    maxInFlightRequests: 1,
    transactionTimeout: transactionTimeoutMs,
    allowAutoTopicCreation: false,
    metadataMaxAge: metadataMaxAgeMs,
    retry: { ...retryOptions, initialRetryTime: initialRetryMs, retries: 12 },
  })
