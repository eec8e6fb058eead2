import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAtLeast, outcomes } from '../../../../src/domain/outcome.ts'
import { listEffects, type ListEntry } from '../../../../src/domain/listEntry.ts'
import { protectionLevels } from '../../../../src/domain/protection.ts'
import { aListEntry } from '../../../support/listEntries.ts'
import { compile, features, policyText, rule } from '../policyOf.ts'
import { scoredWith, slotsOf } from '../scored.ts'

type Given = NonNullable<Parameters<typeof scoredWith>[1]>
const slots = slotsOf(features)
const assess = (over: Parameters<typeof policyText>[0], given: Given) =>
  compile(policyText(over)).bind(slots).assess(scoredWith(slots, given))
const codes = ({ reasons }: ReturnType<typeof assess>) => reasons.map(({ code }) => code)

const many = { features: { count: 9 } }
const blocked = aListEntry()
const allowed = aListEntry({ entryId: 'entry-2', effect: 'ALLOW' })
const snoozed = aListEntry({ entryId: 'entry-3', effect: 'SNOOZE', ruleId: 'many' })

describe('a block entry', () => {
  it('blocks, and no allow entry goes before it', () => {
    const found = assess({}, { listed: [allowed, blocked] })
    expect(found).toMatchObject({ outcome: 'BLOCK', judged: 'BLOCK', exceptions: [] })
    expect(codes(found)).toEqual(['LISTED'])
  })
})

describe('an allow entry', () => {
  it('lets pass what was stopped, says so, and leaves to be seen what it would have been', () => {
    const found = assess({ rules: [rule({ outcome: 'BLOCK' })] }, { ...many, listed: [allowed] })
    expect(found).toMatchObject({ outcome: 'ALLOW', judged: 'BLOCK', exceptions: ['allow_list:entry-2'] })
    expect(found.stepUpMethod).toBe(null)
    expect(codes(found)).toEqual(['UNUSUAL_FREQUENCY'])
  })

  it('overrules the model, limits, and what is given to what is degraded, unscored or late', () => {
    const hindered = { unscored: 'STEP_UP', late: 'BLOCK', degraded: [{ outcome: 'STEP_UP' }] }
    const given = { probability: NaN, late: true, degraded: ['device'], listed: [allowed] }
    expect(assess(hindered, given).outcome).toBe('ALLOW')
    expect(assess({}, { probability: 0.99, listed: [allowed] }).outcome).toBe('ALLOW')
  })

  it('is not named where there is nothing to soften', () => {
    expect(assess({}, { listed: [allowed, snoozed] })).toMatchObject({ outcome: 'ALLOW', exceptions: [] })
  })

  it('does nothing against a final rule, and as much as it can beside one', () => {
    const final = rule({ final: true, outcome: 'STEP_UP' })
    expect(assess({ rules: [final] }, { ...many, listed: [allowed] })).toMatchObject({
      outcome: 'STEP_UP',
      judged: 'STEP_UP',
      exceptions: [],
    })
    const beside = assess({ rules: [final] }, { ...many, probability: 0.99, listed: [allowed] })
    expect(beside).toMatchObject({
      outcome: 'STEP_UP',
      judged: 'BLOCK',
      exceptions: ['allow_list:entry-2'],
    })
    expect(codes(beside)).toEqual(['UNUSUAL_FREQUENCY', 'MODEL_SCORE'])
  })

  it('does nothing for an id that was used before', () => {
    const assessor = compile(policyText({ rules: [rule()] })).bind(slots)
    const once = assessor.assess(scoredWith(slots, { ...many, listed: [allowed] }))
    expect(once).toMatchObject({ outcome: 'ALLOW', exceptions: ['allow_list:entry-2'] })
    const reused = assessor.assessReused(once)
    expect(reused).toMatchObject({ outcome: 'BLOCK', exceptions: [] })
  })
})

describe('a snoozed rule', () => {
  const rules = [rule({ outcome: 'BLOCK' }), rule({ id: 'other', when: 'f("count") > 7.0' })]

  it('does not count, and is named where that changed the outcome', () => {
    expect(assess({ rules }, { ...many, listed: [snoozed] })).toMatchObject({
      outcome: 'STEP_UP',
      judged: 'BLOCK',
      exceptions: ['snooze:entry-3'],
    })
    const other = { ...snoozed, ruleId: 'other' }
    expect(assess({ rules }, { ...many, listed: [other] })).toMatchObject({
      outcome: 'BLOCK',
      exceptions: [],
    })
  })

  it('is not named beside another one that alone made the outcome milder', () => {
    const third = rule({ id: 'third', outcome: 'STEP_UP' })
    const other = { ...snoozed, entryId: 'entry-4', ruleId: 'other' }
    expect(assess({ rules: [...rules, third] }, { ...many, listed: [snoozed, other] })).toMatchObject({
      outcome: 'STEP_UP',
      judged: 'BLOCK',
      exceptions: ['snooze:entry-3'],
    })
  })

  it('does not count where something is unknown to it either', () => {
    const unsure = [rule({ onUnknown: 'STEP_UP' })]
    expect(assess({ rules: unsure }, { listed: [snoozed] }).outcome).toBe('ALLOW')
  })

  it('is not snoozed where it is final', () => {
    const final = [rule({ final: true })]
    expect(assess({ rules: final }, { ...many, listed: [snoozed] })).toMatchObject({
      outcome: 'STEP_UP',
      exceptions: [],
    })
  })
})

const outcome = fc.constantFrom(...outcomes)
const when = fc.constantFrom(
  'f("count") > 5.0',
  'f("amount") > 100.0 || late',
  'f("payee_new") == 1.0 && protectedAtLeast("GUARDED")',
  'protection in ["NONE", "UNKNOWN"]',
  'probability > 0.5',
  '!known("amount")',
  'true',
)
const anyRule = fc
  .record({ when, outcome, onUnknown: outcome, final: fc.boolean() })
  .map((over) => rule(over))
const bound = fc.constantFrom(0, 1, 5, 100)
const anyLimit = fc.record({
  of: fc.constantFrom('count', 'amount'),
  when,
  atMost: fc.oneof(
    bound,
    bound.map((low) => ({
      UNKNOWN: low,
      NO_DEVICE: 50,
      NONE: low,
      RESTRICTED: low,
      GUARDED: low + 1,
      FULL: low + 100,
    })),
  ),
  outcome,
  onUnknown: outcome,
  final: fc.boolean(),
  reason: fc.constant('COUNT_LIMIT'),
  finding: fc.constant('ABNORMAL_BEHAVIOUR'),
  owner: fc.constant('tests'),
})
type Part = Readonly<Record<string, unknown>>
const named = (prefix: string, parts: readonly Part[]) =>
  parts.map((each, i) => ({ ...each, id: `${prefix}_${i}` }))
const anyEntry: fc.Arbitrary<ListEntry> = fc
  .tuple(fc.constantFrom(...listEffects.slice(1)), fc.nat(3))
  .map(([effect, at]) =>
    aListEntry({ effect, entryId: `e-${effect}-${at}`, ruleId: effect === 'SNOOZE' ? `rule_${at}` : null }),
  )
const cell = fc.constantFrom(0, 1, 6, 101, NaN)
const anyGiven = fc.record({
  features: fc
    .tuple(...features.map(() => cell))
    .map((row) => Object.fromEntries(features.map((name, i) => [name, row[i] ?? NaN]))),
  probability: fc.constantFrom(0, 0.3, 0.7, 0.99, NaN),
  late: fc.boolean(),
  degraded: fc.subarray(['device', 'history.account']),
  protection: fc.constantFrom(...protectionLevels),
  payment: fc.record({ deviceId: fc.constantFrom('d-1', null) }),
  listed: fc.uniqueArray(anyEntry, { maxLength: 4, selector: ({ entryId }) => entryId }),
})
const threshold = (stepUp: number, block: number, over: Part = {}): Part => ({ ...over, stepUp, block })
const anyPolicy = fc.record({
  unscored: outcome,
  late: outcome,
  degraded: fc.array(fc.record({ outcome }), { maxLength: 2 }),
  thresholds: fc.constantFrom(
    [threshold(0.6, 0.95)],
    [threshold(0.2, 0.6, { when: '!protectedAtLeast("GUARDED")' }), threshold(0.6, 0.95)],
  ),
  stepUp: fc.constantFrom(
    [{ method: 'CALL_BACK' }],
    [{ method: 'PASSKEY', unsafeIf: ['device.health.remote_access'] }],
  ),
  rules: fc.array(anyRule, { maxLength: 4 }),
  limits: fc.array(anyLimit, { maxLength: 3 }),
})
type AnyPolicy = typeof anyPolicy extends fc.Arbitrary<infer P> ? P : never
const assessorOf = ({ rules, limits, ...rest }: AnyPolicy) =>
  compile(policyText({ ...rest, rules: named('rule', rules), limits: named('limit', limits) })).bind(slots)

describe('the law of softening', () => {
  const payments = fc.array(anyGiven, { minLength: 20, maxLength: 40 })

  it('adding a rule, a limit or a block entry softens no decision', () => {
    const added = fc.oneof(
      anyRule.map((one) => ({ rule: one })),
      anyLimit.map((one) => ({ limit: one })),
      fc.constant({ entry: aListEntry({ entryId: 'e-added' }) }),
    )
    fc.assert(
      fc.property(anyPolicy, added, payments, (policy, add, given) => {
        const before = assessorOf(policy)
        const after = assessorOf({
          ...policy,
          // At the end: the rules that are there keep their ids, and so what is snoozed.
          rules: 'rule' in add ? [...policy.rules, add.rule] : policy.rules,
          limits: 'limit' in add ? [...policy.limits, add.limit] : policy.limits,
        })
        for (const each of given) {
          const listed = 'entry' in add ? [...each.listed, add.entry] : each.listed
          const once = before.assess(scoredWith(slots, each))
          const then = after.assess(scoredWith(slots, { ...each, listed }))
          expect(isAtLeast(then.outcome, once.outcome)).toBe(true)
          expect(isAtLeast(then.judged, once.judged)).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('only allow entries and snoozes soften, exactly where they are named, and nothing that is final', () => {
    let softer = 0
    fc.assert(
      fc.property(anyPolicy, payments, (policy, given) => {
        const assessor = assessorOf(policy)
        const finals = assessorOf({
          ...policy,
          thresholds: [threshold(0.999, 0.999)],
          unscored: 'ALLOW',
          late: 'ALLOW',
          degraded: [],
          rules: policy.rules.filter((each) => each['final'] === true),
          limits: policy.limits.filter((each) => each.final),
        })
        for (const each of given) {
          const blocks = each.listed.filter(({ effect }) => effect === 'BLOCK')
          const found = assessor.assess(scoredWith(slots, each))
          const without = assessor.assess(scoredWith(slots, { ...each, listed: blocks }))
          const atLeast = finals.assess(scoredWith(slots, { ...each, listed: blocks }))
          expect(without.exceptions).toEqual([])
          expect(found.judged).toBe(without.outcome)
          expect(isAtLeast(without.outcome, found.outcome)).toBe(true)
          expect(isAtLeast(found.outcome, atLeast.outcome)).toBe(true)
          expect(found.exceptions.length > 0).toBe(found.outcome !== without.outcome)
          for (const name of found.exceptions)
            expect(name).toMatch(/^(allow_list:e-ALLOW|snooze:e-SNOOZE)-\d$/)
          if (found.exceptions.length > 0) softer++
        }
      }),
      { numRuns: 150 },
    )
    expect(softer).toBeGreaterThan(100)
  })
})
