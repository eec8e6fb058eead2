import type { Settings } from '../config.ts'
import { createKafkaLog } from '../ops/kafkaLog.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { createKafka } from '../stream/client.kafka.ts'

/** Kafka for a command that reads: only its errors are logged. */
export const openKafka = (settings: Settings, command: string): ReturnType<typeof createKafka> => {
  const log = createLog({ level: 'error', instance: command, version: readVersion() }, process.stderr)
  return createKafka({
    brokers: settings.kafkaBrokers,
    clientId: settings.kafkaClientId,
    log: createKafkaLog(log),
    warn: (message) => log.warn(message),
  })
}
