import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBreaker, type BreakerEvent } from '../../../src/decision/breaker.ts'

const spec = {
  windowMinutes: 1,
  share: 0.1,
  factor: 3,
  minBlocks: 5,
  minAccounts: 3,
  usualHours: 10_000,
  closeAfterMinutes: 1,
}
const pieceMs = 3_000
const opened = () => {
  const events: BreakerEvent[] = []
  const usual = new Map<string, { payments: number; blocks: number }>()
  return { breaker: createBreaker(spec, usual, (event) => events.push(event)), events, usual }
}

describe('a breaker', () => {
  it('opens for what blocks too much, and closes once that was over for long enough', () => {
    const { breaker, events } = opened()
    const answers = Array.from({ length: 8 }, (_, i) => {
      breaker.seePayment('m/1', 0)
      return breaker.seeBlock('rule:r', `a${i}`, 0)
    })
    expect(answers).toEqual([false, false, false, false, true, true, true, true])
    expect(breaker.openAt(59_000)).toEqual(['rule:r'])
    // The window is empty from here on, and stays so for a minute.
    expect(breaker.openAt(63_000)).toEqual(['rule:r'])
    expect(breaker.openAt(126_000)).toEqual([])
    expect(events.map(({ open }) => open)).toEqual([true, false])
  })

  it('is not opened by one account', () => {
    const { breaker } = opened()
    for (let i = 0; i < 50; i++) {
      breaker.seePayment('m/1', i)
      expect(breaker.seeBlock('rule:r', 'the same', i)).toBe(false)
    }
  })

  it('leaves alone what always blocks so much, once that is known', () => {
    const { breaker, usual } = opened()
    usual.set('rule:r', { payments: 1_000, blocks: 400 })
    for (let i = 0; i < 50; i++) {
      breaker.seePayment('m/1', i)
      expect(breaker.seeBlock('rule:r', `a${i}`, i)).toBe(false)
    }
  })

  it('does not take for usual what was blocked while it was open', () => {
    const { breaker, usual } = opened()
    for (let i = 0; i < 60; i++) {
      const now = i * pieceMs
      breaker.seePayment('m/1', now)
      breaker.seeBlock('rule:r', `a${i}`, now)
    }
    expect(breaker.openAt(60 * pieceMs)).toEqual(['rule:r'])
    expect(usual.get('rule:r')?.blocks ?? 0).toBe(0)
  })

  it('opens exactly where a count of all that happened says so', () => {
    const step = fc.record({
      afterMs: fc.integer({ min: 0, max: 9_000 }),
      blocks: fc.boolean(),
      account: fc.integer({ min: 0, max: 5 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { breaker } = opened()
        const seen: { at: number; blocks: boolean; account: number }[] = []
        let now = 0
        for (const { afterMs, blocks, account } of steps) {
          now += afterMs
          seen.push({ at: Math.floor(now / pieceMs), blocks, account })
          breaker.seePayment('m/1', now)
          if (!blocks) continue
          const isOpen = breaker.seeBlock('rule:r', String(account), now)
          const inside = seen.filter(({ at }) => at > Math.floor(now / pieceMs) - 20)
          const blocked = inside.filter((each) => each.blocks)
          const tooMany =
            blocked.length >= 5 &&
            blocked.length > 0.1 * inside.length &&
            new Set(blocked.map((each) => each.account)).size >= 3
          expect(isOpen).toBe(tooMany)
          // Until it opens for the first time nothing else counts: hysteresis has its own test.
          if (isOpen) return
        }
      }),
    )
  })
})
