import { openAvro, type ReadAvro } from '../../test/checker/avro.ts'
import { readWhole, type Reading } from '../../test/checker/topic.kafka.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { idOf, verdictOf, type Answer, type FuzzFindings, type Sent } from './verdict.ts'

const headerOf = ({ message }: Reading, name: string): string | null => {
  const value = message.headers?.[name]
  const last = Array.isArray(value) ? value.at(-1) : value
  return last === undefined || last === null ? null : last.toString()
}

const placeOf = (partition: number | string | null, offset: string | null): string => `${partition}/${offset}`

/** By readers that share nothing with what is tested; broken JSON is nobody's to read. */
const statedId = (reading: Reading, read: ReadAvro): unknown => {
  const { value } = reading.message
  if (value === null) return undefined
  if (headerOf(reading, 'content-type') !== 'application/json') return read(value)?.['paymentId']
  try {
    return (JSON.parse(value.toString()) as { readonly paymentId?: unknown } | null)?.paymentId
  } catch {
    return undefined
  }
}

const mostValueBytes = 65_536
const mostBesideBytes = 65_536

/** What is larger than a record may be is not looked into, and headers that are too large are not looked at. */
const sentOf = (reading: Reading, read: ReadAvro): Sent => {
  const { partition, message } = reading
  const place = placeOf(partition, message.offset)
  const beside =
    (message.key?.length ?? 0) +
    Object.entries(message.headers ?? {}).reduce(
      (sum, [name, value]) => sum + name.length + String(value).length,
      0,
    )
  const isLarge = (message.value?.length ?? 0) > mostValueBytes || beside > mostBesideBytes / 2
  return { place, paymentId: isLarge ? null : idOf(statedId(reading, read), headerOf(reading, 'payment-id')) }
}

const answerOf = (reading: Reading, read: ReadAvro): Answer => {
  const { value } = reading.message
  const fields = value === null ? null : read(value)
  if (value === null || fields === null) throw new TypeError('a decision that cannot be read')
  return {
    place: placeOf(reading.partition, headerOf(reading, 'sluice-source-offset')),
    paymentId: String(fields['paymentId']),
    attempt: Number(fields['attempt']),
    contentHash: String(fields['contentHash']),
    bytes: value.toString('hex'),
  }
}

/** All that stands in Kafka by now, read again from its beginning. */
export const readFindings = async (brokers: string, topics: TopicNames): Promise<FuzzFindings> => {
  const read = openAvro('schemas')
  const sent = await readWhole([brokers], topics.payments, (reading) => sentOf(reading, read))
  const answers = await readWhole([brokers], topics.decisions, (reading) => answerOf(reading, read))
  const dead = await readWhole([brokers], topics.deadLetters, (reading) =>
    headerOf(reading, 'sluice-source-topic') === topics.payments
      ? {
          place: placeOf(
            headerOf(reading, 'sluice-source-partition'),
            headerOf(reading, 'sluice-source-offset'),
          ),
        }
      : null,
  )
  return verdictOf(
    sent,
    answers,
    dead.filter((each) => each !== null),
  )
}
