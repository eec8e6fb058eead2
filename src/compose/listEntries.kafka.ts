import { randomUUID } from 'node:crypto'
import type { Settings } from '../config.ts'
import type { ListEntry } from '../domain/listEntry.ts'
import { parseNetwork } from '../intel/address.ts'
import { acknowledged } from '../stream/acknowledged.kafka.ts'
import { createListEntryCodec, createListEntryDecoder } from '../stream/codec/listEntry.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { openWholeTopic } from '../stream/wholeTopic.kafka.ts'
import { withProducer } from './intelProducer.kafka.ts'
import { commandKafka } from './tablesRead.kafka.ts'

export type FoundEntries = {
  readonly entries: readonly ListEntry[]
  /** Ids of records that cannot be read: what they replaced may still act. */
  readonly unreadable: number
}

/** What the topic `policy-lists` holds now. @throws SluiceError KAFKA_UNAVAILABLE, TOPIC_MISMATCH */
export const readListEntries = async (settings: Settings): Promise<FoundEntries> => {
  const topic = topicNames(settings.topicPrefix).policyLists
  const decode = createListEntryDecoder({
    schemas: await loadSchemas(settings.schemasDir),
    maxBytes: settings.maxMessageBytes,
    isNetwork: (text) => parseNetwork(text) !== null,
  })
  const whole = await openWholeTopic(
    commandKafka(settings),
    topic,
    `${settings.groupId}-lists-read-${randomUUID()}`,
  )
  try {
    const held = new Map<string, ListEntry>()
    let unreadable = 0
    for (const record of await whole.catchUp()) {
      if (record.value === null) {
        held.delete(record.key?.toString('utf8') ?? '')
        continue
      }
      const decoded = decode(record)
      if ('source' in decoded) unreadable++
      else held.set(decoded.entryId, decoded)
    }
    return { entries: [...held.values()], unreadable }
  } finally {
    await whole.close()
  }
}

/** Resolves when Kafka has it. @param entry null: the entry of this id is taken back */
export const writeListEntry = async (
  settings: Settings,
  entryId: string,
  entry: ListEntry | null,
): Promise<void> => {
  const topic = topicNames(settings.topicPrefix).policyLists
  const value =
    entry === null ? null : createListEntryCodec(await loadSchemas(settings.schemasDir)).encode(entry)
  await withProducer({ ...settings, logLevel: 'silent' }, (producer) =>
    acknowledged(
      producer.send({ topic, acks: -1, messages: [{ key: entryId, value }] }),
      'the change of the lists',
    ),
  )
}
