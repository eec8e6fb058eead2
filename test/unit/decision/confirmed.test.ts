import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAtLeast } from '../../../src/domain/outcome.ts'
import { numberedReasons, reasonSetOf } from '../../../src/domain/reasonSet.ts'
import { reasonCatalogue } from '../../../src/decision/reasonCatalogue.ts'
import { compile, features, policyText, refusalOf, rule } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const slots = slotsOf(features)
const lately = 'account.confirmed_reasons.30d'
const attempts = 'account.attempt_confirmed_reasons.24h'
const callBack = { stepUp: [{ method: 'CALL_BACK' }] }
const asking = rule({ askAgainAfter: '30d' })
const assess = (rules: readonly unknown[], given: Readonly<Record<string, number>>, probability = 0.1) =>
  compile(policyText({ ...callBack, rules }))
    .bind(slots)
    .assess(scoredWith(slots, { features: { count: 9, ...given }, probability }))
const codesOf = (assessed: ReturnType<typeof assess>) => assessed.reasons.map(({ code }) => code)

describe('a payer who has confirmed', () => {
  it('is not asked for the same reason, and the decision says why', () => {
    const assessed = assess([asking], { [lately]: reasonSetOf(['UNUSUAL_FREQUENCY']) })
    expect(assessed.outcome).toBe('ALLOW')
    expect(codesOf(assessed)).toEqual(['STEP_UP_CONFIRMED'])
  })

  it.each([
    ['nothing was confirmed', [asking], { [lately]: 0 }],
    ['it is not known what was', [asking], { [lately]: NaN }],
    ['another reason was', [asking], { [lately]: reasonSetOf(['NEW_PAYEE']) }],
    ['the rule asks each time', [rule()], { [lately]: reasonSetOf(['UNUSUAL_FREQUENCY']) }],
  ])('is asked where %s', (_, rules, given) => {
    expect(assess(rules, given).outcome).toBe('STEP_UP')
  })

  it('is asked where a new reason comes in, and for that one only', () => {
    const other = rule({ id: 'new', reason: 'NEW_PAYEE', askAgainAfter: '30d' })
    const assessed = assess([asking, other], { [lately]: reasonSetOf(['UNUSUAL_FREQUENCY']) })
    expect(assessed.outcome).toBe('STEP_UP')
    expect(codesOf(assessed)).toEqual(['NEW_PAYEE', 'STEP_UP_CONFIRMED'])
  })

  it('in an earlier attempt passes whatever each rule says of later payments', () => {
    expect(assess([rule()], { [attempts]: reasonSetOf(['UNUSUAL_FREQUENCY']) }).outcome).toBe('ALLOW')
    expect(assess([rule()], { [attempts]: reasonSetOf(['MODEL_SCORE']) }).outcome).toBe('STEP_UP')
  })

  it('is blocked by what blocks', () => {
    const all = { [lately]: 2 ** 52 - 1, [attempts]: 2 ** 52 - 1 }
    expect(assess([rule({ outcome: 'BLOCK' })], all).outcome).toBe('BLOCK')
    expect(assess([], all, 0.96).outcome).toBe('BLOCK')
  })

  it('by the model counts only in a segment that says so', () => {
    const segment = (askAgainAfter?: string) =>
      compile(
        policyText({
          ...callBack,
          thresholds: [{ stepUp: 0.6, block: 0.95, ...(askAgainAfter && { askAgainAfter }) }],
        }),
      )
        .bind(slots)
        .assess(scoredWith(slots, { probability: 0.7, features: { [lately]: reasonSetOf(['MODEL_SCORE']) } }))
    expect(segment('30d').outcome).toBe('ALLOW')
    expect(segment().outcome).toBe('STEP_UP')
  })

  it('adding a rule never softens what it is added to, whatever was confirmed', () => {
    const anyRule = fc.record({
      outcome: fc.constantFrom('ALLOW', 'STEP_UP', 'BLOCK'),
      reason: fc.constantFrom('UNUSUAL_FREQUENCY', 'UNUSUAL_AMOUNT', 'NEW_PAYEE'),
      when: fc.constantFrom('f("count") > 5.0', 'f("payee_new") == 1.0', 'probability > 0.3'),
      onUnknown: fc.constantFrom('ALLOW', 'STEP_UP'),
      asks: fc.boolean(),
    })
    const rulesOf = (specs: readonly { readonly outcome: string; readonly asks: boolean }[]) =>
      specs.map(({ asks, ...spec }, n) =>
        rule({ ...spec, id: `r${n}`, ...(asks && spec.outcome === 'STEP_UP' && { askAgainAfter: '30d' }) }),
      )
    const aSet = fc.oneof(
      fc.constant(NaN),
      fc
        .subarray(['UNUSUAL_FREQUENCY', 'UNUSUAL_AMOUNT', 'NEW_PAYEE', 'FACTS_UNKNOWN', 'MODEL_SCORE'])
        .map(reasonSetOf),
    )
    fc.assert(
      fc.property(
        fc.array(anyRule, { maxLength: 3 }),
        anyRule,
        fc.nat(3),
        fc.record({
          count: fc.constantFrom(1, 9, NaN),
          payee_new: fc.constantFrom(0, 1, NaN),
          [lately]: aSet,
          [attempts]: aSet,
        }),
        fc.constantFrom(0.1, 0.4, 0.7, 0.96, NaN),
        (some, added, at, given, probability) => {
          const before = assess(rulesOf(some), given, probability).outcome
          const after = assess(rulesOf(some.toSpliced(at, 0, added)), given, probability).outcome
          expect(isAtLeast(after, before)).toBe(true)
        },
      ),
    )
  })
})

describe('the policy', () => {
  it.each([
    ['a rule that does not ask', { rules: [rule({ outcome: 'BLOCK', askAgainAfter: '30d' })] }, /BLOCK/],
    ['a time that is none', { rules: [rule({ askAgainAfter: 'soon' })] }, /30m, 24h or 30d/],
    ['a window that is not kept', { rules: [rule({ askAgainAfter: '99d' })] }, /no feature account/],
    ['a list that is not in order', { stepUp: [{ method: 'SMS_CODE' }, { method: 'PASSKEY' }] }, /strongest/],
    ['a method twice', { stepUp: [{ method: 'PUSH' }, { method: 'PUSH' }] }, /already/],
  ])('is refused with %s', (_, over, message) => {
    const { code, message: found } = refusalOf(() => compile(policyText(over)))
    expect(code).toBe('POLICY_INVALID')
    expect(found).toMatch(message)
  })
})

it('every reason that can ask has a number, and no other', () => {
  const never = [
    'NO_SAFE_STEP_UP',
    'STEP_UP_CONFIRMED',
    'PAYMENT_ID_REUSED',
    'INVALID_PAYMENT',
    'KILL_SWITCH',
  ]
  const asks = Object.keys(reasonCatalogue).filter((code) => !never.includes(code))
  // One is missing? Append it to numberedReasons: in between, it would change what histories say.
  expect([...numberedReasons].toSorted()).toEqual(asks.toSorted())
  expect(numberedReasons.length).toBeLessThanOrEqual(52)
})
