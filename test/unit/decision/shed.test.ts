import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createNameShed } from '../../../src/decision/shed.ts'
import { outcomes } from '../../../src/domain/outcome.ts'
import type { ShedLevel } from '../../../src/domain/shedding.ts'
import { anAssessed } from '../../support/payments.ts'

const both = { hasChallengers: true, hasOptionalFeatures: true }
const neither = { hasChallengers: false, hasOptionalFeatures: false }
const stopped = anAssessed({ outcome: 'STEP_UP', enteredAt: 100 })
const allowed = anAssessed({ outcome: 'ALLOW', enteredAt: 100 })

describe('what a payment says was left out of it', () => {
  it.each([
    [0, []],
    [1, ['challengers']],
    [2, ['challengers', 'reasons']],
    [3, ['challengers', 'reasons', 'optional_features']],
  ] as const)('grows with the level: %i', (level, shed) => {
    expect(createNameShed(level, both)(stopped, 0).shed).toEqual(shed)
  })

  it('is not what it would not have had: reasons of what is allowed, or of what no model scored', () => {
    expect(createNameShed(3, neither)(allowed, 0)).toBe(allowed)
    expect(createNameShed(3, neither)(stopped, 0).shed).toEqual(['reasons'])
    expect(createNameShed(3, neither)(anAssessed({ outcome: 'BLOCK', model: null }), 0).shed).toEqual([])
  })

  it('is reasons and models in shadow for what is late, at any level', () => {
    const late = (over: object) => createNameShed(0, both)(anAssessed({ late: true, ...over }), 0).shed
    expect(late({ outcome: 'BLOCK' })).toEqual(['challengers', 'reasons'])
    expect(late({ outcome: 'ALLOW' })).toEqual(['challengers'])
  })

  it('is models in shadow for what entered too long ago', () => {
    const name = createNameShed(0, both)
    expect([name(stopped, 100).shed, name(stopped, 101).shed]).toEqual([[], ['challengers']])
    expect(createNameShed(0, neither)(stopped, 101)).toBe(stopped)
  })

  it('is never less at a higher level, and changes nothing else', () => {
    const level = fc.constantFrom<ShedLevel>(0, 1, 2, 3)
    const sheds = fc.record({ hasChallengers: fc.boolean(), hasOptionalFeatures: fc.boolean() })
    const payment = fc.record({
      outcome: fc.constantFrom(...outcomes),
      late: fc.boolean(),
      model: fc.constantFrom('a-model/1', null),
      enteredAt: fc.integer({ min: 0, max: 2 }),
    })
    fc.assert(
      fc.property(level, level, sheds, payment, (a, b, of, over) => {
        const assessed = anAssessed(over)
        const [less, more] = [Math.min(a, b), Math.max(a, b)] as [ShedLevel, ShedLevel]
        const [first, second] = [less, more].map((each) => createNameShed(each, of)(assessed, 1))
        expect(second?.shed).toEqual(expect.arrayContaining([...(first?.shed ?? [])]))
        expect({ ...second, shed: [] }).toEqual(assessed)
      }),
    )
  })
})
