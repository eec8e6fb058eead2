import kafkajs, { type Kafka, type PartitionerArgs, type Producer } from 'kafkajs'
import { metadataMaxAgeMs } from './client.kafka.ts'
import { createPartitioner } from './partitioner.ts'

// Node finds only some of the names that this CommonJS package exports.
const { Partitioners } = kafkajs

/**
 * The producer of decisions: acks=all with every send, not idempotent. An idempotent kafkajs 2.2.4 producer with
 * concurrent sends loses acknowledged records when a connection is cut (test/integration/cutConnections.test.ts).
 */
export const createProducer = (kafka: Kafka): Producer =>
  kafka.producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    metadataMaxAge: metadataMaxAgeMs,
    createPartitioner: createPartitioner<PartitionerArgs>(Partitioners.DefaultPartitioner),
  })
