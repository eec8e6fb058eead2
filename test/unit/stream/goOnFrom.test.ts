import { describe, expect, it } from 'vitest'
import { goOnFrom } from '../../../src/stream/goOnFrom.ts'

describe('reading a partition goes on', () => {
  it('after what came, seen by a reader or not', () => {
    expect(goOnFrom(90, { lastOffset: 94, lastStableOffset: 120 })).toBe(95)
  })

  it('where it is while what stands there is undecided', () => {
    expect(goOnFrom(95, { lastOffset: null, lastStableOffset: 95 })).toBe(95)
  })

  it('beyond what was compacted away', () => {
    expect(goOnFrom(95, { lastOffset: null, lastStableOffset: 120 })).toBe(120)
  })

  it('never before where it is: a broker that leads no more knows less', () => {
    expect(goOnFrom(95, { lastOffset: null, lastStableOffset: 80 })).toBe(95)
    expect(goOnFrom(95, { lastOffset: null, lastStableOffset: -1 })).toBe(95)
  })
})
