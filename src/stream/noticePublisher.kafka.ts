import type { Message, Producer } from 'kafkajs'
import { acknowledged } from './acknowledged.kafka.ts'
import { partsOf } from './requests.ts'
import { positionsTaken } from './taken.ts'

export type NoticeMessage = { readonly key: string; readonly value: Buffer }

/** Notices that are to be given, and whom to tell once Kafka has them. */
export type NoticesReady = { readonly messages: readonly NoticeMessage[]; readonly given: () => void }

export type NoticePublisherDeps = {
  readonly producer: Pick<Producer, 'send'>
  readonly topic: string
  /** After this a send that neither succeeded nor failed counts as failed. */
  readonly timeoutMs?: number
}

/** Sends notices to their topic, in as few requests as they fit into. @throws SluiceError KAFKA_UNAVAILABLE */
export const createNoticePublisher =
  ({ producer, topic, timeoutMs }: NoticePublisherDeps) =>
  async (notices: readonly NoticeMessage[]): Promise<void> => {
    // A copy of each, as our partitioner notes in it where it went.
    const copies = notices.map(({ key, value }): Message => ({ key, value }))
    for (const messages of partsOf(copies)) {
      const sent = await acknowledged(producer.send({ topic, acks: -1, messages }), 'notices', timeoutMs)
      positionsTaken(topic, messages, sent)
    }
  }
