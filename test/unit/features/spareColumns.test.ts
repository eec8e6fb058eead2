import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountsAt, columnBytes } from '../../../src/features/columns.ts'
import { appendTo, createHistory, type History } from '../../../src/features/history.ts'
import { createSpareColumns, type ColumnMemory } from '../../../src/features/spareColumns.ts'
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

  test('is left to the collector beyond its limit, and where there is none', () => {
    const spare = createSpareColumns(memoryFor(8).words.byteLength)
    spare.give(memoryFor(0))
    spare.give(memoryFor(8))
    spare.give(memoryFor(1))
    expect([spare.take(1), spare.take(8)]).toEqual([null, memoryFor(8)])
  })

  test('has room for all that it is taken for, and less than half more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1 }),
        fc.array(fc.integer({ min: 1, max: 2_000 }), { minLength: 1 }),
        (given, asked) => {
          const spare = createSpareColumns(Infinity)
          for (const capacity of given) spare.give(memoryFor(capacity))
          for (const capacity of asked) {
            const found = spare.take(capacity)
            if (found === null) continue
            expect(found.capacity).toBeGreaterThanOrEqual(capacity)
            expect(found.capacity).toBeLessThan(1.5 * capacity + 1)
          }
        },
      ),
    )
  })

  test('is found again for what is just as large, where that begins a class', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 7 }), fc.integer({ min: 0, max: 8 }), (quarters, exponent) => {
        const memory = memoryFor(quarters * 2 ** exponent)
        const spare = createSpareColumns(Infinity)
        spare.give(memory)
        expect(spare.take(memory.capacity)).toBe(memory)
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
