import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountsAt, columnBytes } from '../../../src/features/columns.ts'
import { appendTo, createHistory, type History } from '../../../src/features/history.ts'
import { classFor, createSpareColumns, type ColumnMemory } from '../../../src/features/spareColumns.ts'
import { began, payment } from '../../support/foldedLogs.ts'

const memoryFor = (capacity: number): ColumnMemory => {
  const memory = new ArrayBuffer(16 + Math.ceil((capacity * columnBytes) / 8) * 8)
  return { capacity, doubles: new Float64Array(memory), words: new Uint32Array(memory) }
}

describe('memory that histories have outgrown', () => {
  test('is handed on once', () => {
    const spare = createSpareColumns(1e6)
    const memory = memoryFor(8)
    spare.give(memory)
    expect(spare.bytes).toBe(memory.words.byteLength)
    expect(spare.take(8)).toBe(memory)
    expect([spare.take(8), spare.bytes]).toEqual([null, 0])
  })

  test('is left to the collector beyond the limit of its class, and where there is none', () => {
    const spare = createSpareColumns(memoryFor(8).words.byteLength)
    const [first, second] = [memoryFor(8), memoryFor(6)]
    for (const memory of [memoryFor(0), memoryFor(1), first, memoryFor(9), second]) spare.give(memory)
    expect(spare.bytes).toBe(first.words.byteLength + second.words.byteLength)
    expect([spare.take(8), spare.take(8), spare.take(6)]).toEqual([first, null, second])
  })

  test('has room for its class, and less than half more', () => {
    const anyNumber = fc.integer({ min: 1, max: 2_000 })
    fc.assert(
      fc.property(
        fc.array(anyNumber, { minLength: 1 }),
        fc.array(anyNumber, { minLength: 1 }),
        (given, asked) => {
          const spare = createSpareColumns(Infinity)
          for (const capacity of given) spare.give(memoryFor(capacity))
          for (const payments of asked) {
            const found = spare.take(classFor(payments))
            if (found === null) continue
            expect(found.capacity).toBeGreaterThanOrEqual(payments)
            expect(found.capacity).toBeLessThan(1.5 * payments + 3)
          }
        },
      ),
    )
  })

  test('of any class is found again: classes have room, are a quarter apart at most, and are of themselves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (payments) => {
        const capacity = classFor(payments)
        expect(capacity).toBeGreaterThanOrEqual(payments)
        expect(capacity).toBeLessThan(1.25 * payments + 2)
        const memory = { ...memoryFor(1), capacity }
        const spare = createSpareColumns(Infinity)
        spare.give(memory)
        expect(spare.take(classFor(capacity))).toBe(memory)
      }),
    )
  })
})

const amountsOf = ({ doubles, capacity, payments }: History): readonly number[] => [
  ...doubles.subarray(amountsAt(capacity), amountsAt(capacity) + payments),
]

test('histories that grow beside each other do not show in each other', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5), { maxLength: 300 }), (turns) => {
      const histories = Array.from({ length: 6 }, () => createHistory())
      const expected = histories.map((): number[] => [])
      turns.forEach((turn, id) => {
        const history = histories[turn]
        if (history === undefined) return
        appendTo(history, payment(id, { at: began, amount: id, device: 1, outcome: 'ALLOW' }))
        expected[turn]?.push(id)
      })
      expect(histories.map(amountsOf)).toEqual(expected)
    }),
  )
})

test('what one history has outgrown another one grows into', () => {
  const grown = (from: number, to: number, history = createHistory()): History => {
    for (let id = from; id < to; id++)
      appendTo(history, payment(id, { at: began, amount: id, device: 1, outcome: 'ALLOW' }))
    return history
  }
  // 3,072 is a class that no other test reaches.
  const first = grown(0, 3_072)
  const { words } = first
  grown(3_072, 3_073, first)
  expect(grown(0, 2_900).words).toBe(words)
})
