import type { Kafka, Producer } from 'kafkajs'

/**
 * The producer of decisions: acks=all with every send, not idempotent. An idempotent kafkajs 2.2.4 producer with
 * concurrent sends loses acknowledged records when a connection is cut (test/integration/cutConnections.test.ts).
 */
export const createProducer = (kafka: Kafka): Producer =>
  kafka.producer({ idempotent: false, allowAutoTopicCreation: false })
