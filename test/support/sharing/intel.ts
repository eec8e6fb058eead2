import type { RiskFeedback } from '../../../src/domain/feedback.ts'
import { createRiskFeedbackCodec } from '../../../src/stream/codec/riskFeedback.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import { openWholeTopic } from '../../../src/stream/wholeTopic.kafka.ts'
import { readingGroup } from '../../../src/compose/caseLog.kafka.ts'
import type { OwnTopics } from './ownTopics.ts'

type Topics = Pick<OwnTopics, 'kafka' | 'topics' | 'schemas' | 'groupId'>

export const sendFeedback = async (
  { kafka, topics, schemas }: Topics,
  feedback: readonly RiskFeedback[],
): Promise<void> => {
  const codec = createRiskFeedbackCodec(schemas)
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  await producer.send({
    topic: topics.riskFeedback,
    acks: -1,
    messages: feedback.map((each) => ({ key: each.accountId, value: codec.encode(each) })),
  })
  await producer.disconnect()
}

/** All records of a topic of one partition. */
export const readWhole = async ({ kafka, groupId }: Topics, topic: string): Promise<readonly RawRecord[]> => {
  const whole = await openWholeTopic(kafka, topic, readingGroup(groupId))
  const records = await whole.catchUp()
  await whole.close()
  return records
}

export type Stix = { readonly id: string; readonly type: string; readonly revoked?: true } & Readonly<
  Record<string, unknown>
>

/** All objects that `intel-out` holds, in their order. */
export const readIntelOut = async (own: Topics): Promise<readonly Stix[]> =>
  (await readWhole(own, own.topics.intelOut)).map(({ value }) => JSON.parse(String(value)) as Stix)

/** One line an object: its type, and whether it was taken back. */
export const typesOf = (objects: readonly Stix[]): readonly string[] =>
  objects.map(({ type, revoked }) => (revoked === true ? `${type} revoked` : type))
