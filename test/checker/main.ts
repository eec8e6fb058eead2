// node --import tsx test/checker/main.ts: what a switch could find wrong with a whole run, read from Kafka alone.
// It imports nothing of src/: what both would get wrong, neither would see.
import { createHash } from 'node:crypto'
import { parseArgs } from 'node:util'
import { openAvro, type ReadAvro } from './avro.ts'
import { readWhole, type Reading } from './topic.kafka.ts'
import { verdictOf, type AnswerRecord, type SentRecord } from './verdict.ts'

const { values } = parseArgs({
  options: {
    brokers: { type: 'string' },
    prefix: { type: 'string', default: '' },
    schemas: { type: 'string', default: 'schemas' },
    'deadline-ms': { type: 'string', default: '1000' },
  },
})
if (values.brokers === undefined) throw new TypeError('--brokers HOST:PORT,... is missing')

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const millisOf = (value: unknown): number | null => (typeof value === 'number' ? value : null)

const headerOf = ({ message }: Reading, name: string): string | null => {
  const value = message.headers?.[name]
  const last = Array.isArray(value) ? value.at(-1) : value
  return last === undefined ? null : last.toString()
}

const fieldsOf = (reading: Reading, read: ReadAvro): Readonly<Record<string, unknown>> => {
  const bytes = reading.message.value
  if (bytes === null) return {}
  if (headerOf(reading, 'content-type') !== 'application/json') return read(bytes) ?? {}
  try {
    return JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

/** Bytes are only compared: hundreds of thousands of them need not be held. */
const digestOf = (bytes: Buffer | null): string =>
  bytes === null ? '' : createHash('sha256').update(bytes).digest('base64')

/** The same payment in Avro and in JSON, whose fields may stand in any order, is one question. */
const contentOf = (bytes: Buffer | null, fields: Readonly<Record<string, unknown>>): string => {
  const said = Object.entries(fields).filter(([, value]) => value !== null)
  if (said.length === 0) return digestOf(bytes)
  try {
    return digestOf(Buffer.from(JSON.stringify(said.toSorted(([a], [b]) => (a < b ? -1 : 1)))))
  } catch (error) {
    // Lists within lists, thousands deep, are more than the stack holds.
    if (error instanceof RangeError) return digestOf(bytes)
    throw error
  }
}

const place = ({ partition, message }: Reading) => ({
  partition,
  offset: Number(message.offset),
  at: Number(message.timestamp),
})

const sentOf = (reading: Reading, read: ReadAvro): SentRecord => {
  const fields = fieldsOf(reading, read)
  return {
    ...place(reading),
    paymentId: textOf(fields['paymentId']) ?? headerOf(reading, 'payment-id'),
    attempt: millisOf(fields['attempt']) ?? 1,
    accountId: textOf(fields['accountId']),
    respondBy: millisOf(fields['respondBy']),
    content: contentOf(reading.message.value, fields),
  }
}

const answerOf = (reading: Reading, read: ReadAvro): AnswerRecord => {
  const bytes = reading.message.value
  const fields = bytes === null ? null : read(bytes)
  if (bytes === null || fields === null)
    throw new TypeError(`decisions ${reading.partition}/${reading.message.offset} is no decision`)
  const sourceOffset = headerOf(reading, 'sluice-source-offset')
  return {
    ...place(reading),
    sourceOffset: sourceOffset === null ? null : Number(sourceOffset),
    paymentId: String(fields['paymentId']),
    attempt: Number(fields['attempt']),
    late: fields['late'] === true,
    decidedAt: Number(fields['decidedAt']),
    contentHash: String(fields['contentHash']),
    bytes: digestOf(bytes),
  }
}

const brokers = values.brokers.split(',')
const read = openAvro(values.schemas)
const payments = await readWhole(brokers, `${values.prefix}payments`, (reading) => sentOf(reading, read))
const decisions = await readWhole(brokers, `${values.prefix}decisions`, (reading) => answerOf(reading, read))
const findings = verdictOf(payments, decisions, Number(values['deadline-ms']))
process.stdout.write(`${JSON.stringify(findings)}\n`)
