import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOverload } from '../../../src/stream/overload.ts'

const options = { deadlineMs: 1_000, fromShare: 0.25, calmMs: 1_000 }

describe('what is left out', () => {
  it('is nothing while payments are young', () => {
    const overload = createOverload(options)
    for (const age of [0, 20, 249, -400]) expect(overload.see(age, 0)).toBe(0)
  })

  it.each([
    [249, 0],
    [250, 1],
    [500, 2],
    [750, 3],
    [60_000, 3],
  ])('is settled at once by an age of %i ms: level %i', (age, level) => {
    expect(createOverload(options).see(age, 0)).toBe(level)
  })

  it('comes back one kind at a time, each after calm', () => {
    const overload = createOverload(options)
    overload.see(2_000, 0)
    const levels = Array.from({ length: 40 }, (_, i) => overload.see(5, (i + 1) * 100))
    expect(levels.indexOf(2)).toBe(9)
    expect(levels.indexOf(1)).toBe(19)
    expect(levels.indexOf(0)).toBe(29)
    expect(levels.at(-1)).toBe(0)
  })

  it('does not come back while payments are but a little younger than where it began', () => {
    const overload = createOverload(options)
    overload.see(760, 0)
    for (let at = 0; at < 60_000; at += 100) expect(overload.see(400, at)).toBe(3)
  })

  it('comes back when no payment comes any more, and not while one is only slow', () => {
    const overload = createOverload(options)
    overload.see(800, 0)
    expect(overload.rest(500)).toBe(3)
    expect(overload.rest(1_000)).toBe(2)
    expect(overload.rest(1_500)).toBe(2)
    expect(overload.rest(2_000)).toBe(1)
    expect(overload.rest(3_000)).toBe(0)
    expect(overload.level()).toBe(0)
  })

  it('is nothing, ever, where the operator wants that', () => {
    const overload = createOverload({ ...options, fromShare: 0 })
    expect([overload.see(1e9, 0), overload.see(1e9, 5_000)]).toEqual([0, 0])
  })

  const run = fc.record({
    deadlineMs: fc.integer({ min: 1, max: 600_000 }),
    fromShare: fc.double({ min: 0.001, max: 1, noNaN: true }),
    calmMs: fc.integer({ min: 1, max: 10_000 }),
    seen: fc.array(
      fc.record({
        share: fc.double({ min: -1, max: 5, noNaN: true }),
        afterMs: fc.integer({ min: 0, max: 5_000 }),
      }),
      { minLength: 1, maxLength: 60 },
    ),
  })

  it('property: never less than the age asks for, never falls by two, never before calm, and never rises unasked', () => {
    fc.assert(
      fc.property(run, ({ seen, ...own }) => {
        const overload = createOverload(own)
        const asked = (age: number): number =>
          Math.max(0, Math.min(3, [1, 2, 3].filter((n) => age >= n * own.fromShare * own.deadlineMs).length))
        let at = 0
        let before = 0
        let changedAt = 0
        for (const { share, afterMs } of seen) {
          at += afterMs
          const age = share * own.deadlineMs
          const level = overload.see(age, at)
          expect(level).toBeGreaterThanOrEqual(asked(age))
          expect(level).toBeLessThanOrEqual(Math.max(before, asked(age)))
          expect(before - level).toBeLessThanOrEqual(1)
          if (level < before) expect(at - changedAt).toBeGreaterThanOrEqual(own.calmMs)
          if (level !== before) changedAt = at
          before = level
        }
      }),
    )
  })

  it('property: whatever was, young payments for long enough bring everything back, and it stays', () => {
    fc.assert(
      fc.property(run, ({ seen, ...own }) => {
        const overload = createOverload(own)
        let at = 0
        for (const { share, afterMs } of seen) overload.see(share * own.deadlineMs, (at += afterMs))
        for (let i = 0; i < 4; i++) overload.see(0, (at += own.calmMs))
        expect(overload.level()).toBe(0)
        expect(overload.see(0, at + 1)).toBe(0)
      }),
    )
  })
})
