import { randomBytes } from 'node:crypto'
import { readSettings } from '../config.ts'
import type { Audit } from '../domain/audit.ts'
import { readAuditFile } from '../offline/audit/audits.file.ts'
import { readAuditTopic } from '../offline/audit/audits.kafka.ts'
import { onceEach } from '../offline/audit/once.ts'
import { createKafkaLog } from '../ops/kafkaLog.ts'
import { createLog } from '../ops/log.ts'
import { readVersion } from '../ops/version.file.ts'
import { createKafka } from '../stream/client.kafka.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { topicNames } from '../stream/topicSpec.ts'

/** The word for the audit topic in the place of a file. */
const topicWord = 'topic'

/**
 * Audit records, each decision once: of a file of NDJSON, or what the audit topic holds now.
 * @param source a file, or the word `topic`
 * @param from epoch milliseconds: of the topic, records written before it are left out
 * @param command a part of the names by which Kafka knows the reader
 * @throws SluiceError FILE_INVALID or KAFKA_UNAVAILABLE
 */
export async function* openAudits(
  source: string,
  from: number,
  command: string,
): AsyncGenerator<Audit, void, undefined> {
  const settings = readSettings()
  const schemas = await loadSchemas(settings.schemasDir)
  if (source !== topicWord) return yield* onceEach(readAuditFile(source, schemas))
  const log = createLog({ level: 'error', instance: command, version: readVersion() })
  yield* onceEach(
    readAuditTopic({
      kafka: createKafka({
        brokers: settings.kafkaBrokers,
        clientId: settings.kafkaClientId,
        log: createKafkaLog(log),
        warn: (message) => log.warn(message),
      }),
      topic: topicNames(settings.topicPrefix).audit,
      schemas,
      groupId: `${settings.groupId}-${command}-${randomBytes(6).toString('hex')}`,
      from,
    }),
  )
}
