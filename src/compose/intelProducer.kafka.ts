import type { Producer } from 'kafkajs'
import type { Settings } from '../config.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { createProducer } from '../stream/producer.kafka.ts'
import { openKafka } from './kafka.kafka.ts'

/** Opens a producer for a command, and closes it. */
export const withProducer = async <Result>(
  settings: Settings,
  use: (producer: Producer) => Promise<Result>,
): Promise<Result> => {
  const log = createLog(
    { level: settings.logLevel, instance: settings.instanceId, version: readVersion() },
    process.stderr,
  )
  const kafka = openKafka(settings, log)
  const producer = createProducer(kafka)
  await producer.connect()
  try {
    return await use(producer)
  } finally {
    await producer.disconnect()
  }
}
