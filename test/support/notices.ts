import type { Kafka } from 'kafkajs'
import type { PublishedNotice } from '../../src/domain/notice.ts'
import { createNoticeCodec } from '../../src/stream/codec/notice.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { readTopic } from './topicReader.ts'
import { untilTrue } from './until.ts'

export type ReadNotice = PublishedNotice & { readonly key: string }

/** What came on the topic of notices. */
export type NoticesRead = {
  /** For this recipient, in their order, each record of the topic. */
  readonly to: (recipient: string) => readonly ReadNotice[]
  /** Resolves when the recipient has that many. */
  readonly untilTold: (recipient: string, count: number) => Promise<void>
  readonly close: () => Promise<void>
}

export const readNotices = async (
  kafka: Kafka,
  topics: TopicNames,
  schemas: Schemas,
): Promise<NoticesRead> => {
  const codec = createNoticeCodec(schemas)
  const read: ReadNotice[] = []
  let failure: Error | undefined
  const reader = await readTopic(
    kafka,
    topics.notices,
    ({ key, value }) => read.push({ ...codec.decode(value ?? Buffer.alloc(0)), key: String(key) }),
    (error) => (failure = error),
  )
  const to = (recipient: string) => read.filter(({ key }) => key === recipient)
  return {
    to,
    untilTold: (recipient, count) =>
      untilTrue(() => {
        if (failure !== undefined) throw failure
        return to(recipient).length >= count
      }),
    close: reader.close,
  }
}
