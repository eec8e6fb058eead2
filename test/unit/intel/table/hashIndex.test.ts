import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createHashIndex } from '../../../../src/intel/table/hashIndex.ts'

test('rows are found under their hash until they are removed, however the hashes crowd', () => {
  // Few hashes near one another, at the end of a segment too: most places are shared.
  const hash = fc.constantFrom(0, 1, 2, 7, 8, 15, 0xfffff, 0xffffffff, 0xfffffff7)
  const step = fc.record({ hash, row: fc.integer({ min: 0, max: 40 }), add: fc.boolean() })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const index = createHashIndex()
      const held = new Map<number, number>()
      for (const { hash: under, row, add } of steps) {
        const known = held.get(row)
        if (add && known === undefined) {
          index.add(under, row)
          held.set(row, under)
        } else if (!add && known !== undefined) {
          index.remove(known, row)
          held.delete(row)
        }
      }
      expect(index.size).toBe(held.size)
      for (let row = 0; row <= 40; row++)
        for (const under of [0, 1, 2, 7, 8, 15, 0xfffff, 0xffffffff, 0xfffffff7])
          expect(index.find(under, (each) => each === row)).toBe(held.get(row) === under ? row : -1)
    }),
    { numRuns: 400 },
  )
})
