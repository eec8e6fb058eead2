import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBoundedMap } from '../../../../src/features/boundedMap.ts'

test('what is used stays, what is not goes', () => {
  const map = createBoundedMap<string, number>(10)
  map.set('used', 1)
  map.set('unused', 2)
  for (let n = 0; n < 20; n++) {
    map.set(`${n}`, n)
    expect(map.get('used')).toBe(1)
  }
  expect(map.get('unused')).toBeUndefined()
})

test('weight counts, also what is added later', () => {
  const map = createBoundedMap<string, number>(100)
  map.set('heavy', 1, 40)
  map.set('light', 2, 5)
  map.grew(6)
  map.set('next', 3, 1)
  map.set('big', 4, 50)
  expect(map.get('heavy')).toBeUndefined()
  expect(map.get('big')).toBe(4)
})

test('what is heavier than the whole limit is still held until the next comes', () => {
  const map = createBoundedMap<string, number>(10)
  map.set('huge', 1, 100)
  expect(map.get('huge')).toBe(1)
})

const anyUse = fc.record({ key: fc.nat(15), set: fc.boolean(), forget: fc.boolean() })

test('never answers with anything but what was set last, and never holds more than its limit', () => {
  fc.assert(
    fc.property(fc.array(anyUse, { maxLength: 200 }), (uses) => {
      const map = createBoundedMap<number, number>(8)
      const truth = new Map<number, number>()
      uses.forEach(({ key, set, forget }, i) => {
        if (forget) {
          map.delete(key)
          truth.delete(key)
        } else if (set) {
          map.set(key, i)
          truth.set(key, i)
        } else expect([undefined, truth.get(key)]).toContain(map.get(key))
        expect(map.size).toBeLessThanOrEqual(8)
      })
    }),
  )
})
