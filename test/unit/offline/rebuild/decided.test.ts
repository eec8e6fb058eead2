import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../../src/domain/outcome.ts'
import { createDecidedRecords, type Readable } from '../../../../src/offline/rebuild/decided.ts'
import type { RawRecord } from '../../../../src/stream/record.ts'

const recordAt = (offset: number, headers: RawRecord['headers'] = {}): RawRecord => ({
  topic: 't',
  partition: 0,
  offset,
  timestamp: offset,
  key: null,
  value: null,
  headers,
  enteredAt: 0,
})

/** A partition with the given records, `piece` of them at once. */
const partition = (records: readonly RawRecord[], piece = 2): Readable => {
  const left = [...records]
  return {
    read: (until) => {
      const before = left.findIndex(({ offset }) => offset >= until)
      return Promise.resolve(left.splice(0, Math.min(piece, before < 0 ? left.length : before)))
    },
  }
}

/** Decisions on the payments with these offsets, one after the other. */
const decisionsOn = (sources: readonly number[], outcome: Outcome = 'ALLOW'): Readable =>
  partition(sources.map((source, offset) => recordAt(offset, { source: String(source), outcome })))

const join = (payments: readonly number[], decisions: Readable) =>
  createDecidedRecords(partition(payments.map((offset) => recordAt(offset))), decisions, 0, ({ headers }) =>
    headers.source === 'none'
      ? null
      : {
          sourceOffset: Number(headers.source),
          outcome: String(headers.outcome) as Outcome,
          contentHash: '',
          reasons: 0,
        },
  )

const readAll = async (
  joined: ReturnType<typeof join>,
  until = { payments: Infinity, decisions: Infinity },
): Promise<readonly (readonly [offset: number, outcome: Outcome | null])[]> => {
  const all: (readonly [number, Outcome | null])[] = []
  for (let some = await joined.read(until); some.length > 0; some = await joined.read(until))
    all.push(...some.map(({ record, answer }) => [record.offset, answer?.outcome ?? null] as const))
  return all
}

describe('payments with their decisions', () => {
  test('each payment has its own, one that was passed over has none', async () => {
    expect(await readAll(join([0, 1, 2, 3], decisionsOn([0, 1, 3], 'BLOCK')))).toEqual([
      [0, 'BLOCK'],
      [1, 'BLOCK'],
      [2, null],
      [3, 'BLOCK'],
    ])
  })

  test('what is not decided yet is left out, and comes when it is', async () => {
    const joined = join([0, 1, 2, 3, 4], decisionsOn([0, 1, 2, 3, 4]))
    expect(await readAll(joined, { payments: 5, decisions: 2 })).toEqual([
      [0, 'ALLOW'],
      [1, 'ALLOW'],
    ])
    expect(joined.position).toBe(2)
    expect(await readAll(joined, { payments: 5, decisions: 5 })).toEqual([
      [2, 'ALLOW'],
      [3, 'ALLOW'],
      [4, 'ALLOW'],
    ])
    expect(joined.position).toBe(5)
  })

  test('decisions that are told twice, as after a crash, or that answer nothing here, do no harm', async () => {
    const expected = [0, 1, 2, 3].map((offset) => [offset, 'ALLOW'])
    expect(await readAll(join([0, 1, 2, 3], decisionsOn([0, 1, 2, 0, 1, 2, 3])))).toEqual(expected)
    const withOther = partition([
      recordAt(0, { source: 'none' }),
      ...[0, 1, 2, 3].map((source) => recordAt(source + 1, { source: String(source), outcome: 'ALLOW' })),
    ])
    expect(await readAll(join([0, 1, 2, 3], withOther))).toEqual(expected)
  })

  test('property: however decisions are cut and repeated, the decided payments come once, with their own', async () => {
    const parts = fc.record({
      offsets: fc.uniqueArray(fc.integer({ min: 0, max: 30 })).map((list) => list.toSorted((a, b) => a - b)),
      silent: fc.array(fc.integer({ min: 0, max: 30 })),
      repeatFrom: fc.nat({ max: 10 }),
      readTo: fc.array(fc.nat({ max: 40 }), { maxLength: 4 }),
    })
    await fc.assert(
      fc.asyncProperty(parts, async ({ offsets, silent, repeatFrom, readTo }) => {
        const decided = offsets.filter((offset) => !silent.includes(offset))
        const told = [...decided, ...decided.slice(-repeatFrom)]
        const joined = join(offsets, decisionsOn(told, 'STEP_UP'))
        const all: (readonly [number, Outcome | null])[] = []
        for (const decisions of readTo.toSorted((a, b) => a - b))
          all.push(...(await readAll(joined, { payments: Infinity, decisions })))
        all.push(...(await readAll(joined)))
        const last = decided.at(-1) ?? -1
        expect(all).toEqual(
          offsets
            .filter((offset) => offset <= last)
            .map((offset) => [offset, decided.includes(offset) ? 'STEP_UP' : null]),
        )
      }),
    )
  })
})
