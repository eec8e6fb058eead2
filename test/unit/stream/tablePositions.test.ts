import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTablePositions } from '../../../src/stream/tablePositions.ts'

describe('how far a compacted topic has been read', () => {
  it('is not known before it was asked how much there is', () => {
    expect(createTablePositions().remaining()).toBeNaN()
  })

  it('an empty topic is read at once, also one whose records have gone', () => {
    const positions = createTablePositions()
    positions.expect([
      { partition: 0, low: 0, end: 0 },
      { partition: 1, low: 7, end: 7 },
    ])
    expect(positions.remaining()).toBe(0)
  })

  it('is read at the end that each partition had at the start, and stays so while more comes', () => {
    const positions = createTablePositions()
    positions.expect([
      { partition: 0, low: 0, end: 10 },
      { partition: 1, low: 0, end: 5 },
    ])
    positions.reach(0, 10)
    expect(positions.remaining()).toBe(5)
    positions.reach(1, 5)
    expect(positions.remaining()).toBe(0)
  })

  it('what was read comes again after a connection was lost: it is not new', () => {
    const positions = createTablePositions()
    positions.reach(0, 10)
    positions.reach(0, 4)
    expect(positions.isNew(0, 9)).toBe(false)
    expect(positions.isNew(0, 10)).toBe(true)
    expect(positions.isNew(1, 0)).toBe(true)
  })

  it('a topic that ends before what was read is another one, of which all is new', () => {
    const positions = createTablePositions()
    positions.expect([{ partition: 0, low: 0, end: 20 }])
    positions.reach(0, 10)
    expect(positions.isAnotherTopic(0, 10)).toBe(false)
    expect(positions.isAnotherTopic(0, 9)).toBe(true)
    positions.forget()
    expect(positions.isNew(0, 0)).toBe(true)
    expect(positions.remaining()).toBe(0)
  })

  it('what remains never grows', () => {
    const steps = fc.array(fc.record({ partition: fc.nat(2), next: fc.nat(30) }))
    fc.assert(
      fc.property(steps, (reached) => {
        const positions = createTablePositions()
        positions.expect([0, 1, 2].map((partition) => ({ partition, low: 0, end: 20 })))
        let before = positions.remaining()
        for (const { partition, next } of reached) {
          positions.reach(partition, next)
          expect(positions.remaining()).toBeLessThanOrEqual(before)
          before = positions.remaining()
        }
      }),
    )
  })
})
