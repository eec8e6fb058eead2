import type { CaseCommand, CaseEntry } from '../../../src/domain/case.ts'
import { storedEntry } from '../../../src/compose/caseEntries.ts'
import { readingGroup } from '../../../src/compose/caseLog.kafka.ts'
import type { StoredEntry } from '../../../src/intel/cases/verify.ts'
import { createCaseCommandCodec } from '../../../src/stream/codec/caseCommand.ts'
import { createCaseEntryCodec } from '../../../src/stream/codec/caseEntry.ts'
import { openWholeTopic } from '../../../src/stream/wholeTopic.kafka.ts'
import { ownName } from '../shared.ts'
import type { OwnTopics } from './ownTopics.ts'

export const aCommand = (over: Partial<CaseCommand> = {}): CaseCommand => ({
  commandId: ownName('command'),
  caseId: 'case-1',
  kind: 'OPEN',
  actor: 'tester',
  subject: 'INCIDENT',
  subjectId: 'incident-1',
  learnedAt: Date.UTC(2026, 0, 5),
  state: 'UNKNOWN',
  embargoUntil: null,
  note: null,
  ...over,
})

export const sendCommands = async (
  { kafka, topics, schemas }: Pick<OwnTopics, 'kafka' | 'topics' | 'schemas'>,
  commands: readonly CaseCommand[],
): Promise<void> => {
  const codec = createCaseCommandCodec(schemas)
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  await producer.send({
    topic: topics.caseCommands,
    acks: -1,
    messages: commands.map((command) => ({ key: command.caseId, value: codec.encode(command) })),
  })
  await producer.disconnect()
}

/** All that `cases` holds, as it is stored. */
export const readCases = async ({
  kafka,
  topics,
  schemas,
  groupId,
}: Pick<OwnTopics, 'kafka' | 'topics' | 'schemas' | 'groupId'>): Promise<readonly StoredEntry[]> => {
  const codec = createCaseEntryCodec(schemas)
  const whole = await openWholeTopic(kafka, topics.cases, readingGroup(groupId))
  const records = await whole.catchUp()
  await whole.close()
  return records.map((record) => storedEntry(record, codec))
}

/** One line an entry: what it says in short. */
export const inShort = (stored: readonly StoredEntry[]): readonly string[] =>
  stored.map(({ entry }) => (entry === null ? 'unreadable' : shortOf(entry)))

const shortOf = ({ kind, state, hours }: CaseEntry): string =>
  [kind, hours === null ? state : `${hours} h`].join(' ')
