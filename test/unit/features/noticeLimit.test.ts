import { describe, expect, it } from 'vitest'
import { createMemoryNoticeLimit } from '../../../src/features/noticeLimit.memory.ts'
import { dayMs, rememberedMs } from '../../../src/features/noticeLimit.ts'
import { noticeLimits, withClock } from '../../support/conformance/noticeLimits.ts'

describe('a limit of notices in memory', () => {
  noticeLimits((limits) => {
    const clock = withClock()
    const limit = createMemoryNoticeLimit(limits, clock.now)
    return Promise.resolve({ instances: [limit, limit], advance: clock.advance })
  }, 100)
})

describe('what a recipient was told', () => {
  it('is remembered for a day at least, as that is what is counted', () => {
    const limits = { aDay: 1, criticalADay: 1 }
    expect(rememberedMs({ ...limits, repeatMs: 1 })).toBe(dayMs)
    expect(rememberedMs({ ...limits, repeatMs: 2 * dayMs })).toBe(2 * dayMs)
  })
})
