import { describe, expect, it } from 'vitest'
import type { Committed } from '../../../src/stream/committed.kafka.ts'
import { createDecisionTail } from '../../../src/stream/decisionTail.kafka.ts'
import type { RawRecord } from '../../../src/stream/record.ts'
import { recordAt as anyRecordAt } from '../../support/rawRecords.ts'

const recordAt = (offset: number): RawRecord => anyRecordAt(offset, { timestamp: 1_000_000 })

const source = (offset: number) => ({ partition: 0, offset })

type Told = {
  /** What is committed, and what the commit says of `decisions`. */
  readonly committed: Committed
  /** Where `decisions` ends, as the broker says that is asked. */
  readonly end: number
  readonly mark?: number
}

/** `decisions` holds the answer to the payment at 100 + i at the position 500 + i, for the ten from 100 on. */
const tailOf = ({ committed, end, mark }: Told) => {
  const read: number[] = []
  const tail = createDecisionTail({
    committed: async () => committed,
    fetch: {
      bounds: async () => ({ start: 0, end }),
      offsetAt: async () => 400,
      read: async (_topic, _partition, from) => {
        read.push(from)
        // The broker that hung gives nothing at first.
        if (read.length === 1 && mark !== undefined) return { records: [], next: from }
        const records = Array.from({ length: 10 }, (_, i) => ({
          ...recordAt(500 + i),
          value: Buffer.from(`answer to ${100 + i}`),
          headers: { 'sluice-source-offset': String(100 + i) },
        }))
        return { records: records.filter(({ offset }) => offset >= from), next: Math.max(from, 510) }
      },
    },
    decisions: 'decisions',
    markOf: () => mark ?? null,
    isDecision: () => true,
    onUnreadable: () => undefined,
  })
  const answerTo = async (offset: number): Promise<string | null> => {
    await tail.until([recordAt(offset)])
    return tail.of(source(offset))?.toString() ?? null
  }
  return { answerTo, read }
}

describe('the answers that stand in decisions', () => {
  it('are read from where the commit says', async () => {
    const { answerTo, read } = tailOf({ committed: { offset: 104, position: 504 }, end: 510 })
    expect(await answerTo(104)).toBe('answer to 104')
    expect(read).toEqual([504])
  })

  it('are looked for by time where the commit is beyond the first payment: it speaks of later answers', async () => {
    const { answerTo, read } = tailOf({ committed: { offset: 108, position: 508 }, end: 510 })
    expect(await answerTo(104)).toBe('answer to 104')
    expect(read).toEqual([400])
  })

  it('are read up to the mark of the takeover where a broker tells an older end', async () => {
    const { answerTo, read } = tailOf({ committed: { offset: 104, position: 504 }, end: 504, mark: 512 })
    expect(await answerTo(104)).toBe('answer to 104')
    expect(read.length).toBeGreaterThan(1)
  })
})
