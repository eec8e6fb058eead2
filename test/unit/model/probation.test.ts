import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeProbation, shareBetween, type Conduct } from '../../../src/model/probation.ts'
import { createTrial } from '../../../src/model/trial.ts'

const bounds = { unscoredShare: 0.01, blockFactor: 3 }
const calm: Conduct = { payments: 30_000, unscored: 0, blocked: 300, seconds: 60, slowSeconds: 0 }

describe('a bundle on probation', () => {
  it.each([
    ['unscored', { payments: 40, unscored: 10 }],
    ['slow', { payments: 4_000, blocked: 40, seconds: 8, slowSeconds: 5 }],
    ['blocks_more', { payments: 2_000, blocked: 120 }],
    ['blocks_less', { payments: 20_000, blocked: 5 }],
    [null, { payments: 2_000, blocked: 20 }],
    [null, { payments: 100, blocked: 100 }],
    [null, { payments: 1, unscored: 1 }],
    [null, { payments: 4_000, blocked: 40, seconds: 60, slowSeconds: 20 }],
    [null, { payments: 0 }],
  ])('%s of %o', (breach, conduct) => {
    const now: Conduct = { unscored: 0, blocked: 0, seconds: 4, slowSeconds: 0, ...conduct }
    expect(judgeProbation(calm, now, bounds)).toBe(breach)
  })

  it('is not blamed for what the one before did too', () => {
    const bad = { payments: 3_000, unscored: 1_500, blocked: 900, seconds: 60, slowSeconds: 50 }
    expect(judgeProbation(bad, bad, bounds)).toBeNull()
  })

  it('cannot be compared with one that decided too little', () => {
    const few = { ...calm, payments: 20, blocked: 0 }
    expect(judgeProbation(few, { ...calm, blocked: 20_000 }, bounds)).toBeNull()
  })

  const conduct = fc
    .record({
      payments: fc.nat(100_000),
      unscored: fc.double({ min: 0, max: 1, noNaN: true }),
      blocked: fc.double({ min: 0, max: 1, noNaN: true }),
      seconds: fc.integer({ min: 1, max: 60 }),
      slowSeconds: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map((each) => ({
      payments: each.payments,
      unscored: Math.floor(each.unscored * each.payments),
      blocked: Math.floor(each.blocked * each.payments),
      seconds: each.seconds,
      slowSeconds: Math.floor(each.slowSeconds * each.seconds),
    }))

  it('passes where it does as the one before did', () => {
    fc.assert(
      fc.property(conduct, (any) => {
        const enough = { ...any, payments: any.payments + 200 }
        return judgeProbation(enough, enough, bounds) === null
      }),
    )
  })

  it('does not pass for blocking still more than what was too much', () => {
    fc.assert(
      fc.property(conduct, conduct, fc.nat(1_000), (before, now, more) => {
        const worse = { ...now, payments: now.payments, blocked: Math.min(now.payments, now.blocked + more) }
        if (judgeProbation(before, now, bounds) !== 'blocks_more') return true
        return judgeProbation(before, worse, bounds) === 'blocks_more'
      }),
    )
  })

  it('leaves wider bounds only where it leaves narrower ones', () => {
    fc.assert(
      fc.property(conduct, conduct, (before, now) => {
        const wider = { unscoredShare: 0.5, blockFactor: 10 }
        return judgeProbation(before, now, wider) === null || judgeProbation(before, now, bounds) !== null
      }),
    )
  })

  it("has Wilson's interval around each share", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e6 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (total, share) => {
          const hits = Math.floor(total * share)
          const { low, high } = shareBetween(hits, total)
          expect(low).toBeLessThanOrEqual(hits / total + 1e-12)
          expect(high).toBeGreaterThanOrEqual(hits / total - 1e-12)
          expect(low >= 0 && high <= 1).toBe(true)
        },
      ),
    )
    // 16 / (200 + 16): nothing seen of 200 at four standard deviations.
    expect(shareBetween(0, 200).high).toBeCloseTo(16 / 216, 12)
  })
})

describe('a trial', () => {
  const seen = { scored: true, blocked: false, slow: false }
  const startAt = 1_700_000_000_000
  const begun = () => {
    const trial = createTrial({ probationMs: 60_000, bounds })
    trial.begin('a', false, startAt)
    for (let i = 0; i < 3_000; i++) trial.see('a', { ...seen, blocked: i % 100 === 0 }, startAt + i * 10)
    const swapAt = startAt + 30_000
    trial.begin('b', true, swapAt)
    return { trial, swapAt }
  }

  it('ends when its time is over, and not before', () => {
    const { trial, swapAt } = begun()
    expect(trial.until()).toBe(swapAt + 60_000)
    expect(trial.judge(swapAt + 59_999)).toBeNull()
    expect(trial.until()).not.toBeNull()
    expect(trial.judge(swapAt + 60_000)).toBeNull()
    expect(trial.until()).toBeNull()
    for (let i = 0; i < 1_000; i++) trial.see('b', { ...seen, scored: false }, swapAt + 61_000)
    expect(trial.judge(swapAt + 62_000)).toBeNull()
  })

  it('sees only what its own bundle decided', () => {
    const { trial, swapAt } = begun()
    for (let i = 0; i < 1_000; i++) trial.see('a', { ...seen, scored: false }, swapAt + i)
    expect(trial.judge(swapAt + 1_000)).toBeNull()
    for (let i = 0; i < 1_000; i++) trial.see('b', { ...seen, scored: false }, swapAt + i)
    expect(trial.judge(swapAt + 1_000)).toBe('unscored')
  })

  it('compares with the bundle before', () => {
    const { trial, swapAt } = begun()
    for (let i = 0; i < 1_000; i++) trial.see('b', { ...seen, blocked: i % 4 === 0 }, swapAt + i)
    expect(trial.judge(swapAt + 1_000)).toBe('blocks_more')
  })

  it('of a bundle that takes the place of one on probation compares with the last that was trusted', () => {
    const { trial, swapAt } = begun()
    for (let i = 0; i < 1_000; i++) trial.see('b', { ...seen, blocked: true }, swapAt + i)
    trial.begin('c', true, swapAt + 900)
    for (let i = 0; i < 1_000; i++) trial.see('c', { ...seen, blocked: true }, swapAt + 900 + i)
    expect(trial.judge(swapAt + 2_000)).toBe('blocks_more')
  })

  it('is not held over the one that was trusted last: going back must not be undone for blocking less', () => {
    const { trial, swapAt } = begun()
    const backAt = swapAt + 30_000
    for (let i = 0; i < 1_000; i++) trial.see('b', { ...seen, blocked: true }, swapAt + i)
    trial.begin('a', true, backAt)
    expect(trial.until()).toBeNull()
    for (let i = 0; i < 1_000; i++) trial.see('a', seen, backAt + i)
    expect(trial.judge(backAt + 1_000)).toBeNull()
    // What was left on probation has still to prove itself.
    trial.begin('b', true, backAt + 2_000)
    expect(trial.until()).not.toBeNull()
  })

  it('counts slow seconds: one pause that many payments saw is one', () => {
    const { trial, swapAt } = begun()
    const second = (at: number, slow: boolean) => {
      for (let i = 0; i < 100; i++)
        trial.see('b', { ...seen, blocked: i === 0, slow: slow && i < 50 }, swapAt + at * 1_000)
    }
    second(0, true)
    for (let at = 1; at < 4; at++) second(at, false)
    expect(trial.judge(swapAt + 4_000)).toBeNull()
    for (let at = 4; at < 12; at++) second(at, true)
    expect(trial.judge(swapAt + 12_000)).toBe('slow')
  })

  it('is not held where there is no time for it', () => {
    const trial = createTrial({ probationMs: 0, bounds })
    trial.begin('a', false, 0)
    trial.begin('b', true, 1)
    expect(trial.until()).toBeNull()
  })
})
