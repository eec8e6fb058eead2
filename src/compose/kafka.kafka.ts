import type { Kafka } from 'kafkajs'
import type { Settings } from '../config.ts'
import { createKafkaLog, type KafkaLogEntry } from '../ops/kafkaLog.ts'
import type { Log } from '../ops/log.ts'
import { createKafka } from '../stream/client.kafka.ts'
import { kafkaAccessOf } from './access.ts'

export type OpenKafkaOptions = {
  /** In the brokers' logs and quotas; SLUICE_KAFKA_CLIENT_ID unless given. */
  readonly clientId?: string
  /** How often a call is tried again. */
  readonly retries?: number
}

const refused = /^SASL .* authentication failed/

/** What kafkajs says, and where it says that a password is wrong, which one. */
const logOf = (settings: Settings, log: Log) => () => {
  const tell = createKafkaLog(log)()
  return (entry: KafkaLogEntry): void => {
    tell(entry)
    if (refused.test(entry.log.message))
      log.error(
        `Kafka does not accept the user ${settings.kafkaSaslUser}: look at SLUICE_KAFKA_SASL_USER and SLUICE_KAFKA_PASSWORD`,
      )
  }
}

/** The client of the brokers that the settings name, over TLS and as whom they say. @throws SluiceError CONFIG_INVALID */
export const openKafka = (
  settings: Settings,
  log: Log,
  { clientId = settings.kafkaClientId, ...options }: OpenKafkaOptions = {},
): Kafka =>
  createKafka({
    ...options,
    brokers: settings.kafkaBrokers,
    clientId,
    access: kafkaAccessOf(settings),
    log: logOf(settings, log),
    warn: (message) => log.warn(message),
  })
