import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { faultsIn, scheduleOf } from '../../../../bench/chaos/schedule.ts'

const names = ['a', 'b', 'c', 'd'] as const

describe('the order of faults', () => {
  it('is the same for one seed', () => {
    expect(scheduleOf(names, 9, 7)).toEqual(scheduleOf(names, 9, 7))
  })

  it('has each once before any twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        expect(scheduleOf(names, 4, seed).toSorted()).toEqual(names)
        const counts = names.map((name) => scheduleOf(names, 12, seed).filter((each) => each === name).length)
        expect(counts).toEqual([3, 3, 3, 3])
      }),
    )
  })

  it('leaves calm before the first and after the last', () => {
    expect(faultsIn(600, 30)).toBe(19)
    expect(faultsIn(60, 30)).toBe(1)
    expect(faultsIn(59, 30)).toBe(0)
  })
})
