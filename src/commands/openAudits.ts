import { readSettings } from '../config.ts'
import type { Audit } from '../domain/audit.ts'
import { readAuditFile } from '../offline/audit/audits.file.ts'
import { readAuditTopic } from '../offline/audit/audits.kafka.ts'
import { onceEach } from '../offline/audit/once.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { openScanner } from '../stream/scan.kafka.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { openKafka } from './openKafka.ts'

/** The word for the audit topic in the place of a file. */
export const topicWord = 'topic'

/**
 * Audit records, each decision once: of a file of NDJSON, or what the audit topic holds now.
 * @param source a file, or the word `topic`
 * @param from epoch milliseconds: of the topic, records written before it are left out
 * @param command how Kafka knows the reader
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
  const scanner = await openScanner(openKafka(settings, command))
  try {
    yield* onceEach(
      readAuditTopic(scanner, schemas, {
        topic: topicNames(settings.topicPrefix).audit,
        from: Math.max(0, from),
        until: Infinity,
      }),
    )
  } finally {
    await scanner.close()
  }
}
