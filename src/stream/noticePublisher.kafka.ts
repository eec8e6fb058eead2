import type { Producer } from 'kafkajs'
import { acknowledged } from './acknowledged.kafka.ts'
import { partsOf } from './requests.ts'

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
    for (const messages of partsOf(notices))
      await acknowledged(producer.send({ topic, acks: -1, messages }), 'notices', timeoutMs)
  }
