import { describe, expect, it } from 'vitest'
import { entryMessage } from '../../../src/compose/caseEntries.ts'
import { createCaseLedger } from '../../../src/compose/caseLedger.ts'
import type { CaseCommand } from '../../../src/domain/case.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import type { Writing } from '../../../src/stream/soleWriter.kafka.ts'
import { aCommand } from '../../support/sharing/cases.ts'
import { chainOf, entryCodec } from '../../support/sharing/chains.ts'

const learnedAt = Date.UTC(2026, 0, 5)
const hourMs = 3_600_000

const raw = (value: Buffer, offset: number, headers: RawRecord['headers'] = {}): RawRecord => ({
  topic: 'cases',
  partition: 0,
  offset,
  timestamp: learnedAt,
  key: null,
  value,
  headers,
  enteredAt: 0,
})

/** A ledger whose commands are JSON, and what it has written so far as the topic would hold it. */
const open = (topic: RawRecord[], now: () => number) => {
  const ledger = createCaseLedger(
    {
      topics: { cases: 'cases', deadLetters: 'dead-letters' },
      codec: entryCodec,
      decode: ({ value }) => JSON.parse(String(value)) as CaseCommand,
      now,
      onWritten: () => undefined,
      onCommands: () => undefined,
      onCases: () => undefined,
    },
    topic,
  )
  const store = (writing: Writing): readonly string[] => {
    for (const { messages } of writing)
      for (const { value, headers } of messages)
        topic.push(raw(value as Buffer, topic.length, headers as RawRecord['headers']))
    ledger.written()
    return topic.map(({ value }) => {
      const { kind, hours } = entryCodec.decode(value ?? Buffer.alloc(0))
      return hours === null ? kind : `${kind} ${hours}`
    })
  }
  return {
    tell: async (...commands: readonly CaseCommand[]) =>
      store(await ledger.take(commands.map((each, index) => raw(Buffer.from(JSON.stringify(each)), index)))),
    tick: async () => store(await ledger.tick()),
  }
}

describe('the ledger of cases', () => {
  it('tells each hour once, whoever writes, and what was due before a command before it', async () => {
    const topic: RawRecord[] = []
    let clock = learnedAt
    await open(topic, () => clock).tell(aCommand({ learnedAt }))
    clock += 40 * hourMs
    const heir = open(topic, () => clock)
    expect(await heir.tell(aCommand({ kind: 'NOTE', note: 'late' }))).toEqual([
      'OPENED',
      'WARNED 24',
      'WARNED 36',
      'NOTED',
    ])
    expect(await heir.tick()).toHaveLength(4)
    clock += 8 * hourMs
    expect((await open(topic, () => clock).tick()).slice(4)).toEqual(['WARNED 44', 'BREACHED 48'])
    expect(await open(topic, () => clock).tick()).toHaveLength(6)
  })

  it('knows which commands were answered, also by whoever wrote before', async () => {
    const topic: RawRecord[] = []
    const [first, refused] = [aCommand({ learnedAt }), aCommand({ kind: 'ADVANCE', state: 'CLOSED' })]
    await open(topic, () => learnedAt).tell(first, first, refused)
    expect(await open(topic, () => learnedAt).tell(first, refused, refused)).toEqual(['OPENED', 'REFUSED'])
  })

  it('is not opened on a log that is broken', () => {
    const records = chainOf(['one', 'two']).map(({ bytes, entry, offset }) => {
      const { value, headers } = entryMessage(Buffer.from(bytes), entry!)
      return raw(value, offset, headers)
    })
    expect(() => open(records, () => learnedAt)).not.toThrow()
    expect(() => open(records.toSpliced(1, 1), () => learnedAt)).toThrow(/expected entry 2 of the chain/)
  })
})
