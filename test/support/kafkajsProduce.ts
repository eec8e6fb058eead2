import { createRequire } from 'node:module'
import fc from 'fast-check'
import type { ProduceParts } from '../../src/stream/produceEncoding.kafka.ts'
import type { ProduceRequest } from '../../src/stream/produce/request.ts'

const require = createRequire(import.meta.url)

/** A copy of kafkajs's definition of the Produce request: a test that patches it leaves kafkajs as it is. */
export const kafkajsProduce = (): ProduceParts['produce'] => ({
  ...(require('kafkajs/src/protocol/requests/produce') as ProduceParts['produce']),
})

const untouched = kafkajsProduce()

/** The body as kafkajs encodes it; the oracle of our encoder. */
export const kafkajsBody = async (asked: ProduceRequest, version = 7): Promise<Buffer> => {
  const { request } = untouched.protocol({ version })(asked)
  return (await request.encode()).buffer
}

type Message = ProduceRequest['topicData'][number]['partitions'][number]['messages'][number]

const text = fc.string({ unit: 'binary', maxLength: 80 })
const buffer = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes))
const bytes = fc.oneof(text, buffer)
const nullable = fc.option(bytes, { freq: 5 })
const header = fc.oneof(bytes, fc.array(bytes, { maxLength: 3 }))

/** Near each other, and of other lengths: kafkajs orders them by their text. */
const timestamp = fc.oneof(
  fc.integer({ min: 1_699_999_999_000, max: 1_700_000_001_000 }),
  fc.integer({ min: 0, max: 999_999_999_999_999 }),
)

const message: fc.Arbitrary<Message> = fc.record(
  {
    key: nullable,
    value: nullable,
    headers: fc.dictionary(text, header, { maxKeys: 4, noNullPrototype: false }),
    timestamp: timestamp.map(String),
  },
  { requiredKeys: ['value'] },
)

const partition = fc.record(
  {
    partition: fc.nat(),
    firstSequence: fc.nat(),
    messages: fc.array(message, { maxLength: 12 }),
  },
  { requiredKeys: ['partition', 'messages'] },
)

/** Whatever our encoder takes on itself. */
export const plainRequest: fc.Arbitrary<ProduceRequest> = fc.record(
  {
    acks: fc.constantFrom(-1, 0, 1),
    timeout: fc.nat(),
    compression: fc.constant(0),
    transactionalId: fc.option(text),
    producerId: fc.oneof(fc.integer({ min: -1 }), fc.nat({ max: 999_999_999_999_999 }).map(String)),
    producerEpoch: fc.integer({ min: -1, max: 32_767 }),
    topicData: fc.array(fc.record({ topic: text, partitions: fc.array(partition, { maxLength: 3 }) }), {
      maxLength: 3,
    }),
  },
  { requiredKeys: ['acks', 'timeout', 'topicData'] },
)
