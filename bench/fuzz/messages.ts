import fc from 'fast-check'
import type { Message } from 'kafkajs'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { spoilBytes, spoilFields, textOf } from './spoil.ts'
import type { Template } from './templates.ts'

export type Hostile = { readonly topic: keyof TopicNames; readonly message: Message }

type Headers = NonNullable<Message['headers']>

const keys = fc.constantFrom<(Buffer | string | null)[]>(
  null,
  '',
  '4111111111111111',
  Buffer.from([0xff, 0xfe, 0]),
  'x'.repeat(80_000),
)

const strangeHeaders = fc.constantFrom<Headers[]>(
  { 'payment-id': 'fuzz-from-header' },
  { 'payment-id': '' },
  { 'payment-id': '4111111111111111' },
  { 'payment-id': ['fuzz-first', 'fuzz-last'] },
  { 'content-type': 'application/json' },
  { 'content-type': 'text/html' },
  { 'content-type': Buffer.from([0xc3, 0x28]) },
  { 'sluice-source-offset': '0', 'sluice-source-partition': '-1' },
  { __proto__x: 'y', constructor: 'z' },
  { card: '4111 1111 1111 1111' },
  { trace: 'x'.repeat(70_000) },
  Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`h${i}`, 'v'])),
)

const json: Headers = { 'content-type': 'application/json' }

/** How one message is other than the valid one it was made of. */
const spoiling = fc.record({
  form: fc.constantFrom('avro', 'json'),
  fields: fc.option(spoilFields, { freq: 3 }),
  bytes: fc.option(spoilBytes, { freq: 1 }),
  key: fc.option(fc.record({ key: keys }), { freq: 1 }),
  headers: fc.option(strangeHeaders, { freq: 1 }),
  isEmpty: fc.integer({ min: 0, max: 99 }).map((n) => n === 0),
  /** Sent twice in a row. */
  isDoubled: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
})
type Spoiling = typeof spoiling extends fc.Arbitrary<infer T> ? T : never

const make = (template: Template, n: number, how: Spoiling): Message => {
  const valid = template.record(n)
  const record = how.fields === null ? valid : how.fields(valid)
  const { encode } = template
  const asAvro = (): Buffer | null => {
    if (encode === null || how.form === 'json') return null
    try {
      return encode(record)
    } catch {
      // No writer writes such a field: as JSON it can be sent nevertheless.
      return null
    }
  }
  const avro = asAvro()
  const bytes = avro ?? textOf(record)
  return {
    key: how.key === null ? template.key(n) : how.key.key,
    value: how.isEmpty ? null : how.bytes === null ? bytes : how.bytes(bytes),
    headers: { ...(avro === null && encode !== null ? json : {}), ...how.headers },
  }
}

/** A message of a megabyte is the sender's own trouble: no broker takes it. */
const mostBytes = 900_000

const pick = (templates: readonly Template[], thousandth: number): Template => {
  let left = thousandth
  for (const template of templates) if ((left -= template.share) < 0) return template
  return templates[0]!
}

/**
 * `count` messages for all topics, made of valid ones: the same for the same seed and place.
 * @param from number of the first of them, which is in its ids
 */
export const hostileMessages = (
  templates: readonly Template[],
  { seed, from, count }: { readonly seed: number; readonly from: number; readonly count: number },
): readonly Hostile[] => {
  const spoilings = fc.sample(fc.tuple(fc.noBias(fc.nat(999)), spoiling), {
    seed: seed + from,
    numRuns: count,
  })
  return spoilings
    .flatMap(([thousandth, how], i): readonly Hostile[] => {
      const template = pick(templates, thousandth)
      const message = make(template, from + i, how)
      const one = { topic: template.topic, message }
      return how.isDoubled ? [one, one] : [one]
    })
    .filter(({ message: { value } }) => value === null || value.length <= mostBytes)
    .slice(0, count)
}
