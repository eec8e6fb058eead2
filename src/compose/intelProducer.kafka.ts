import type { Producer } from 'kafkajs'
import type { Settings } from '../config.ts'
import { createKafkaLog } from '../ops/kafkaLog.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { createKafka } from '../stream/client.kafka.ts'
import { createProducer } from '../stream/producer.kafka.ts'

/** Opens a producer for a command, and closes it. */
export const withProducer = async <Result>(
  settings: Settings,
  use: (producer: Producer) => Promise<Result>,
): Promise<Result> => {
  const log = createLog(
    { level: settings.logLevel, instance: settings.instanceId, version: readVersion() },
    process.stderr,
  )
  const kafka = createKafka({
    brokers: settings.kafkaBrokers,
    clientId: settings.kafkaClientId,
    log: createKafkaLog(log),
    warn: (message) => log.warn(message),
  })
  const producer = createProducer(kafka)
  await producer.connect()
  try {
    return await use(producer)
  } finally {
    await producer.disconnect()
  }
}
