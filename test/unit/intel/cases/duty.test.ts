import { describe, expect, it } from 'vitest'
import { caseStates } from '../../../../src/domain/case.ts'
import { hoursLeft, isRunning, stepsDue } from '../../../../src/intel/cases/duty.ts'

const hourMs = 3_600_000
const learnedAt = Date.UTC(2026, 0, 5)
const at = (hours: number): number => learnedAt + hours * hourMs
const none: ReadonlySet<number> = new Set()

describe('the clock of the reporting duty', () => {
  it('runs until something was reported', () => {
    expect(caseStates.filter((state) => isRunning({ state }))).toEqual(['DETECTED', 'VERIFIED'])
    expect(hoursLeft({ state: 'VERIFIED', learnedAt }, at(12))).toBe(36)
    expect(hoursLeft({ state: 'DETECTED', learnedAt }, at(50))).toBe(-2)
    expect(hoursLeft({ state: 'REPORTED', learnedAt }, at(12))).toBeNaN()
  })

  it.each([
    [23.999, []],
    [24, [24]],
    [36, [24, 36]],
    [44, [24, 36, 44]],
    [47.999, [24, 36, 44]],
    [48, [24, 36, 44, 48]],
    [1_000, [24, 36, 44, 48]],
  ])('after %s hours has told %j', (hours, steps) => {
    expect(stepsDue({ state: 'DETECTED', learnedAt, told: none }, at(hours))).toEqual(steps)
  })

  it('tells nothing twice, and nothing of a case that was reported', () => {
    expect(stepsDue({ state: 'DETECTED', learnedAt, told: new Set([24, 36]) }, at(45))).toEqual([44])
    expect(stepsDue({ state: 'ACKNOWLEDGED', learnedAt, told: none }, at(100))).toEqual([])
  })
})
