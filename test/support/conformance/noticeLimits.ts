import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMemoryNoticeLimit } from '../../../src/features/noticeLimit.memory.ts'
import {
  dayMs,
  type NoticeClaim,
  type NoticeLimit,
  type NoticeLimits,
} from '../../../src/features/noticeLimit.ts'

const hourMs = 3_600_000
const usual: NoticeLimits = { repeatMs: dayMs, aDay: 2, criticalADay: 3 }

const hex = (n: number): string => n.toString(16).padStart(16, '0')

export const aClaim = (over: Partial<NoticeClaim> = {}): NoticeClaim => ({
  recipient: 'acc-1',
  matter: hex(0xa1),
  id: hex(1),
  isCritical: false,
  ...over,
})

/** A clock that only a test moves. */
export const withClock = (start = Date.UTC(2026, 0, 15)) => {
  let at = start
  return { now: () => at, advance: (ms: number) => void (at += ms) }
}

export type LimitUnderTest = {
  /** Two instances that share what was told. */
  readonly instances: readonly [NoticeLimit, NoticeLimit]
  readonly advance: (ms: number) => void
}

type Step =
  | { readonly kind: 'claim'; readonly by: 0 | 1; readonly claims: readonly NoticeClaim[] }
  | { readonly kind: 'confirm'; readonly by: 0 | 1; readonly claims: readonly NoticeClaim[] }
  | { readonly kind: 'wait'; readonly ms: number }

const anyClaim: fc.Arbitrary<NoticeClaim> = fc.record({
  recipient: fc.constantFrom('acc-1', 'acc-2', 'dev-1'),
  matter: fc.nat(3).map((n) => hex(0xa0 + n)),
  id: fc.nat(5).map((n) => hex(0xb0 + n)),
  isCritical: fc.boolean(),
})
const by = fc.constantFrom<0 | 1>(0, 1)
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('claim' as const), by, claims: fc.array(anyClaim, { maxLength: 6 }) }),
  fc.record({ kind: fc.constant('confirm' as const), by, claims: fc.array(anyClaim, { maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('wait' as const),
    ms: fc.constantFrom(1, hourMs, dayMs - 1, dayMs, dayMs + 1),
  }),
)
const anyLimits: fc.Arbitrary<NoticeLimits> = fc.record({
  repeatMs: fc.constantFrom(hourMs, dayMs, 2 * dayMs),
  aDay: fc.integer({ min: 0, max: 3 }),
  criticalADay: fc.integer({ min: 1, max: 4 }),
})

/** What any limit must do. @param create anew for each run, with nothing told */
export const noticeLimits = (
  create: (limits: NoticeLimits) => Promise<LimitUnderTest>,
  runs: number,
): void => {
  test('the same matter is told once, by whichever instance', async () => {
    const { instances } = await create(usual)
    const [one, two] = instances
    expect(await one.claim([aClaim()])).toEqual(['first'])
    expect(await two.claim([aClaim({ id: hex(2) })])).toEqual(['duplicate'])
    expect(await two.claim([aClaim({ id: hex(2), recipient: 'acc-2' })])).toEqual(['first'])
  })

  test('what comes again before it is confirmed is told again, and not after', async () => {
    const { instances } = await create(usual)
    const [one, two] = instances
    await one.claim([aClaim()])
    expect(await two.claim([aClaim()])).toEqual(['again'])
    await two.confirm([aClaim()])
    expect(await one.claim([aClaim()])).toEqual(['duplicate'])
  })

  test('after the period the same matter is told anew', async () => {
    const { instances, advance } = await create({ ...usual, repeatMs: hourMs })
    const [one] = instances
    await one.claim([aClaim()])
    await one.confirm([aClaim()])
    advance(hourMs - 1)
    expect(await one.claim([aClaim({ id: hex(2) })])).toEqual(['duplicate'])
    advance(1)
    expect(await one.claim([aClaim({ id: hex(2) })])).toEqual(['first'])
  })

  test('so many in 24 hours; what is critical counts by itself', async () => {
    const { instances, advance } = await create(usual)
    const [one] = instances
    const claims = [1, 2, 3].map((n) => aClaim({ id: hex(n), matter: hex(0xa0 + n) }))
    expect(await one.claim(claims)).toEqual(['first', 'first', 'limited'])
    const critical = [5, 6, 7, 8].map((n) => aClaim({ id: hex(n), matter: hex(0xa0 + n), isCritical: true }))
    expect(await one.claim(critical)).toEqual(['first', 'first', 'first', 'limited'])
    advance(dayMs)
    expect(await one.claim(claims.slice(2))).toEqual(['first'])
  })

  test('what is remembered for longer than a day counts for one', async () => {
    const { instances, advance } = await create({ ...usual, repeatMs: 3 * dayMs, aDay: 1 })
    const [one] = instances
    await one.claim([aClaim()])
    advance(dayMs - 1)
    expect(await one.claim([aClaim({ matter: hex(0xa2) })])).toEqual(['limited'])
    advance(1)
    expect(await one.claim([aClaim({ matter: hex(0xa2) })])).toEqual(['first'])
  })

  test('nothing claimed, nothing answered', async () => {
    const { instances } = await create(usual)
    expect(await instances[0].claim([])).toEqual([])
  })

  test('whatever is claimed, confirmed and waited for, it answers as the rule says', () =>
    fc.assert(
      fc.asyncProperty(anyLimits, fc.array(anyStep, { maxLength: 25 }), async (limits, steps) => {
        const { instances, advance } = await create(limits)
        const clock = withClock()
        const naive = createMemoryNoticeLimit(limits, clock.now)
        for (const step of steps) {
          if (step.kind === 'wait') {
            clock.advance(step.ms)
            advance(step.ms)
          } else if (step.kind === 'claim')
            expect(await instances[step.by].claim(step.claims)).toEqual(await naive.claim(step.claims))
          else await Promise.all([instances[step.by].confirm(step.claims), naive.confirm(step.claims)])
        }
      }),
      { numRuns: runs },
    ))
}
