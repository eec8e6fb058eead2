import type { Producer } from 'kafkajs'
import { fieldOf, isFields } from '../intel/stix/fields.ts'
import { parseStixId } from '../intel/stix/id.ts'
import { acknowledged } from '../stream/acknowledged.kafka.ts'

export type Published = {
  readonly published: number
  /** Objects that are not published: without a STIX id, of a type that says nothing of payments, or too long. */
  readonly left: number
}

/** What the table of intelligence reads. */
const publishedTypes: ReadonlySet<unknown> = new Set(['indicator', 'identity'])
const objectsInRequest = 500

type Message = { readonly key: string; readonly value: string }

const messageOf = (object: unknown, bytesMax: number): Message | null => {
  const id = isFields(object) ? fieldOf(object, 'id') : undefined
  if (!isFields(object) || typeof id !== 'string' || parseStixId(id) === null) return null
  if (!publishedTypes.has(fieldOf(object, 'type'))) return null
  const value = JSON.stringify(object)
  return Buffer.byteLength(value) > bytesMax ? null : { key: id, value }
}

export type Publish = (objects: readonly unknown[]) => Promise<Published>

/** Writes objects onto the topic of threat intelligence, in order; resolves when the broker has all of them. */
export const createIntelPublish =
  (producer: Pick<Producer, 'send'>, topic: string, bytesMax: number): Publish =>
  async (objects) => {
    const messages = objects.map((object) => messageOf(object, bytesMax)).filter((each) => each !== null)
    for (let at = 0; at < messages.length; at += objectsInRequest) {
      const some = messages.slice(at, at + objectsInRequest)
      await acknowledged(producer.send({ topic, acks: -1, messages: some }), 'objects of intelligence')
    }
    return { published: messages.length, left: objects.length - messages.length }
  }
