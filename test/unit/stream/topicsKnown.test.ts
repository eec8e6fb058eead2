import { describe, expect, it } from 'vitest'
import { untilKnown, type AskTopics } from '../../../src/stream/topicsKnown.kafka.ts'

const protocolError = (type: string, retriable: boolean): Error =>
  Object.assign(new Error(type), { name: 'KafkaJSProtocolError', type, retriable })

/** Answers in turn, the last one for good: the topics listed, or what asking for their leaders throws. */
const answering = (answers: readonly (readonly string[] | Error)[]) => {
  let asked = 0
  const turn = () => answers[Math.min(asked, answers.length - 1)] ?? []
  const admin: AskTopics = {
    listTopics: async () => {
      const answer = turn()
      if (answer instanceof Error) return ['payments', 'decisions']
      asked += 1
      return [...answer]
    },
    fetchTopicMetadata: async () => {
      const answer = turn()
      asked += 1
      if (answer instanceof Error) throw answer
      return { topics: [] }
    },
  }
  return { admin, asked: () => asked }
}

const both = ['payments', 'decisions']

describe('a topic just created', () => {
  it('is there when the brokers list it and know who leads it', async () => {
    const unknown = protocolError('UNKNOWN_TOPIC_OR_PARTITION', true)
    const { admin, asked } = answering([['payments'], unknown, unknown, both])
    await untilKnown(admin, both)
    expect(asked()).toBeGreaterThanOrEqual(4)
  })

  it('is not waited for where nobody may ask', async () => {
    const { admin } = answering([protocolError('TOPIC_AUTHORIZATION_FAILED', false)])
    await expect(untilKnown(admin, both)).rejects.toThrow('TOPIC_AUTHORIZATION_FAILED')
  })
})
