import type { Kafka } from 'kafkajs'
import type { CaseCommand, CaseEntry } from '../domain/case.ts'
import type { StoredEntry } from '../intel/cases/verify.ts'
import { acknowledged } from '../stream/acknowledged.kafka.ts'
import { createCaseCommandCodec } from '../stream/codec/caseCommand.ts'
import { createCaseEntryCodec } from '../stream/codec/caseEntry.ts'
import type { Schemas } from '../stream/codec/schemas.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { openWholeTopic } from '../stream/wholeTopic.kafka.ts'
import { storedEntry } from './caseEntries.ts'
import { readingGroup } from './caseLog.kafka.ts'

/** The case log for one who reads it, and asks its writer for more. */
export type CaseClient = {
  /** All entries that have come since the last call. */
  readonly read: () => Promise<readonly StoredEntry[]>
  readonly send: (command: CaseCommand) => Promise<void>
  readonly close: () => Promise<void>
}

export type CaseClientDeps = {
  readonly kafka: Kafka
  readonly topics: TopicNames
  readonly schemas: Schemas
  readonly groupId: string
}

/** @throws SluiceError KAFKA_UNAVAILABLE, TOPIC_MISMATCH */
export const openCaseClient = async ({
  kafka,
  topics,
  schemas,
  groupId,
}: CaseClientDeps): Promise<CaseClient> => {
  const entries = createCaseEntryCodec(schemas)
  const commands = createCaseCommandCodec(schemas)
  const cases = await openWholeTopic(kafka, topics.cases, readingGroup(`${groupId}-cases-reader`))
  return {
    read: async () => (await cases.catchUp()).map((record) => storedEntry(record, entries)),
    send: async (command) => {
      const producer = kafka.producer({ allowAutoTopicCreation: false })
      await producer.connect()
      try {
        const messages = [{ partition: 0, key: command.caseId, value: commands.encode(command) }]
        await acknowledged(producer.send({ topic: topics.caseCommands, acks: -1, messages }), 'the command')
      } finally {
        await producer.disconnect()
      }
    },
    close: cases.close,
  }
}

/** The entry that answers a command; undefined where there is none yet. */
export const answerIn = (stored: readonly StoredEntry[], commandId: string): CaseEntry | undefined =>
  stored.find(({ entry }) => entry?.commandId === commandId)?.entry ?? undefined
