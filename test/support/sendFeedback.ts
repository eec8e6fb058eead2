import type { RiskFeedback } from '../../src/domain/feedback.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import type { Scene } from './scene.ts'

/** Publishes feedback as it stands, with no proof but its own; resolves when Kafka has it. */
export const sendFeedback = async (
  { kafka, topics, schemas }: Pick<Scene, 'kafka' | 'topics' | 'schemas'>,
  feedback: RiskFeedback,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const producer = kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const value = createRiskFeedbackCodec(schemas).encode(feedback)
  await producer.send({
    topic: topics.riskFeedback,
    acks: -1,
    messages: [{ key: feedback.accountId, value, headers: { ...headers } }],
  })
  await producer.disconnect()
}
