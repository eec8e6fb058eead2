import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAtLeast, outcomes, stricter, type Outcome } from '../../../src/domain/outcome.ts'
import { compile, features, policyText, refusalOf, rule } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const slots = slotsOf(features)
const scored = (given: Parameters<typeof scoredWith>[1] = {}) => scoredWith(slots, given)
const assess = (text: string, given: Parameters<typeof scoredWith>[1] = {}) =>
  compile(text).bind(slots).assess(scored(given))
const codes = (assessed: { readonly reasons: readonly { readonly code: string }[] }): readonly string[] =>
  assessed.reasons.map(({ code }) => code)

describe('a policy', () => {
  it('allows what nothing speaks against, without reasons, notices or step-up', () => {
    expect(assess(policyText({ rules: [rule()] }), { features: { count: 1 } })).toMatchObject({
      outcome: 'ALLOW',
      riskLevel: 'LOW',
      reasons: [],
      stepUpMethod: null,
      notices: [],
    })
  })

  it('keeps everything that was known of the payment', () => {
    const before = scored({ degraded: ['device'], late: true })
    expect(compile(policyText()).bind(slots).assess(before)).toMatchObject(before)
  })

  it.each([
    [0.59, 'ALLOW', 'HIGH'],
    [0.6, 'STEP_UP', 'HIGH'],
    [0.95, 'BLOCK', 'CRITICAL'],
    [0.05, 'ALLOW', 'LOW'],
    [0.1, 'ALLOW', 'MEDIUM'],
    [NaN, 'ALLOW', 'UNKNOWN'],
  ])('by probability %d: %s, %s', (probability, outcome, riskLevel) => {
    const text = policyText({ stepUp: [{ method: 'CALL_BACK' }] })
    expect(assess(text, { probability })).toMatchObject({ outcome, riskLevel })
  })

  it('takes the first segment that holds; one that may hold counts with the next', () => {
    const text = policyText({
      thresholds: [
        { when: 'payment.method == "CARD"', stepUp: 0.9, block: 0.99 },
        { when: 'f("amount") > 100.0', stepUp: 0.2, block: 0.4 },
        { stepUp: 0.6, block: 0.95 },
      ],
    })
    const given = { features: { amount: 500 }, probability: 0.3 }
    expect(assess(text, given).outcome).toBe('STEP_UP')
    expect(assess(text, { ...given, payment: { method: 'CARD' } }).outcome).toBe('ALLOW')
    expect(assess(text, { ...given, features: { amount: 5 } }).outcome).toBe('ALLOW')
    expect(assess(text, { ...given, features: {} }).outcome).toBe('STEP_UP')
    expect(assess(text, { features: {}, probability: 0.96 })).toMatchObject({ outcome: 'BLOCK' })
  })

  it('orders reasons by strictness, then as the policy does, each once', () => {
    const text = policyText({
      rules: [
        rule({ id: 'watch', outcome: 'ALLOW', reason: 'UNUSUAL_TIME' }),
        rule(),
        rule({ id: 'large', when: 'f("amount") > 1.0', reason: 'UNUSUAL_AMOUNT' }),
        rule({ id: 'most', when: 'f("count") > 50.0', outcome: 'BLOCK' }),
        rule({
          id: 'card',
          when: 'f("count") > 40.0',
          outcome: 'BLOCK',
          reason: 'CARD_TESTING',
          finding: 'KNOWN_FRAUD_SCENARIO',
        }),
      ],
    })
    const given = { features: { count: 60, amount: 2 }, probability: 0.7 }
    expect(codes(assess(text, given))).toEqual([
      'UNUSUAL_FREQUENCY',
      'CARD_TESTING',
      'UNUSUAL_AMOUNT',
      'MODEL_SCORE',
      'UNUSUAL_TIME',
    ])
  })

  it('says what an unknown rule gives: by rule, else by policy', () => {
    const text = policyText({
      onUnknown: 'STEP_UP',
      rules: [rule(), rule({ id: 'other', when: 'f("amount") > 9.0', onUnknown: 'BLOCK' })],
    })
    const both = assess(text)
    expect([both.outcome, codes(both)]).toEqual(['BLOCK', ['FACTS_UNKNOWN']])
    const one = assess(text, { features: { amount: 1 } })
    expect([one.outcome, codes(one)]).toEqual(['STEP_UP', ['FACTS_UNKNOWN']])
    expect(assess(text, { features: { amount: 1, count: 1 } }).outcome).toBe('ALLOW')
  })

  it('turns a rule off on the day that it expires', () => {
    const text = policyText({ rules: [rule({ expires: '2026-06-02' })] })
    const at = (effectiveAt: number) => assess(text, { features: { count: 9 }, effectiveAt }).outcome
    expect(at(Date.UTC(2026, 5, 1, 23, 59, 59, 999))).toBe('STEP_UP')
    expect(at(Date.UTC(2026, 5, 2))).toBe('ALLOW')
  })

  it('says what a payment gets that could not be judged in full', () => {
    const text = policyText({
      unscored: 'STEP_UP',
      late: 'STEP_UP',
      degraded: [{ inputs: ['history.account'], when: 'f("amount") > 100.0', outcome: 'BLOCK' }],
    })
    expect(codes(assess(text, { probability: NaN }))).toEqual(['MODEL_UNAVAILABLE'])
    expect(codes(assess(text, { late: true }))).toEqual(['LATE'])
    const degraded = ['history.account']
    expect(assess(text, { degraded, features: { amount: 101 } }).outcome).toBe('BLOCK')
    expect(assess(text, { degraded, features: { amount: 99 } }).outcome).toBe('ALLOW')
    expect(assess(text, { degraded }).outcome).toBe('BLOCK')
    expect(assess(text, { degraded: ['device'], features: { amount: 101 } }).outcome).toBe('ALLOW')
  })

  it('answers a record that is no payment', () => {
    expect(
      compile(policyText({ invalidPayment: 'STEP_UP' }))
        .bind(slots)
        .assessInvalid(),
    ).toEqual({
      outcome: 'STEP_UP',
      reasons: [{ code: 'INVALID_PAYMENT', contribution: null }],
    })
  })

  it('never softens a payment whose id was reused, and keeps its reasons', () => {
    const assessor = compile(
      policyText({ reusedPaymentId: 'STEP_UP', rules: [rule({ outcome: 'BLOCK' })] }),
    ).bind(slots)
    const allowed = assessor.assessReused(assessor.assess(scored({ features: { count: 1 } })))
    expect([allowed.outcome, codes(allowed), allowed.stepUpMethod]).toEqual([
      'STEP_UP',
      ['PAYMENT_ID_REUSED'],
      'CALL_BACK',
    ])
    const blocked = assessor.assessReused(assessor.assess(scored({ features: { count: 9 } })))
    expect([blocked.outcome, codes(blocked)]).toEqual(['BLOCK', ['PAYMENT_ID_REUSED', 'UNUSUAL_FREQUENCY']])
    expect(assessor.assessReused(blocked)).toEqual(blocked)
  })

  it('lists its features and its rules', () => {
    const policy = compile(policyText({ rules: [rule({ final: true, expires: '2030-01-01' })] }))
    expect(policy.version).toBe('test')
    expect(policy.features.slice(0, 2)).toEqual(['count', 'device.health.remote_access'])
    expect(policy.rules).toEqual([
      {
        id: 'many',
        outcome: 'STEP_UP',
        onUnknown: 'ALLOW',
        reason: 'UNUSUAL_FREQUENCY',
        finding: 'ABNORMAL_BEHAVIOUR',
        owner: 'tests',
        final: true,
        expires: '2030-01-01',
      },
    ])
  })
})

describe('a policy is refused', () => {
  const given = { features: { count: 9 } }
  it.each([
    ['an unknown key', { rules: [rule({ wehn: 'late' })] }, /^rule many, wehn \(line \d+\): no such key$/],
    ['an unknown key at the top', { breakers: 1 }, /^policy, breakers \(line \d+\): no such key$/],
    ['a missing key', { rules: [rule({ owner: undefined })] }, /^rule many, owner \(line \d+\): /],
    ['a wrong outcome', { late: 'DENY' }, /^policy, late \(line 6\): .*ALLOW/],
    ['two rules of one id', { rules: [rule(), rule()] }, /another rule has this id/],
    [
      'a strange reason',
      { rules: [rule({ reason: 'ODD' })] },
      /^rule many, reason \(line \d+\): ODD is not in the catalogue/,
    ],
    ['a reason that is not for rules', { rules: [rule({ reason: 'LATE' })] }, /LATE is not for rules/],
    [
      'a finding that the reason does not serve',
      { rules: [rule({ finding: 'MALWARE' })] },
      /serves ABNORMAL_BEHAVIOUR, not MALWARE/,
    ],
    ['a broken condition', { rules: [rule({ when: 'f("count" > 5.0' })] }, /^rule many, when \(line \d+\): /],
    [
      'an unknown feature',
      { rules: [rule({ when: 'f("cuont") > 5.0' })] },
      /there is no feature cuont; near ones: count/,
    ],
    [
      'an int times a double',
      { rules: [rule({ when: 'f("count") * 2 > 5.0' })] },
      /no such overload: double \* int/,
    ],
    [
      'what is degraded in a threshold',
      {
        thresholds: [
          { stepUp: 0.9, block: 0.95, when: '"device" in degraded' },
          { stepUp: 0.6, block: 0.95 },
        ],
      },
      /^policy, thresholds\[0\]\.when \(line \d+\): degraded is for the conditions of rules/,
    ],
    [
      'what is degraded in a step-up method',
      { stepUp: [{ method: 'CALL_BACK', when: '"device" in degraded' }] },
      /stepUp\[0\]\.when \(line \d+\): degraded is for the conditions of rules/,
    ],
    [
      'a rule on degraded that is stricter where it does not know',
      { rules: [rule({ when: '"device" in degraded || f("count") > 5.0', onUnknown: 'BLOCK' })] },
      /^rule many, onUnknown \(line \d+\): .* at most its outcome, STEP_UP, got BLOCK/,
    ],
    ['a day that is none', { rules: [rule({ expires: '2026-02-30' })] }, /expected a date/],
    [
      'a segment after the last',
      {
        thresholds: [
          { stepUp: 0.1, block: 0.2 },
          { stepUp: 0.1, block: 0.2 },
        ],
      },
      /only the last segment is without/,
    ],
    [
      'no last segment',
      { thresholds: [{ when: 'late', stepUp: 0.1, block: 0.2 }] },
      /the last segment takes no/,
    ],
    [
      'a step-up above the block',
      { thresholds: [{ stepUp: 0.3, block: 0.2 }] },
      /stepUp \(line \d+\): expected at most block, 0.2/,
    ],
    [
      'risk levels out of order',
      { riskLevels: { medium: 0.5, high: 0.2, critical: 0.9 } },
      /medium <= high <= critical/,
    ],
    [
      'an unknown degraded input',
      { degraded: [{ inputs: ['acount'], outcome: 'BLOCK' }] },
      /no input acount; there are device, history.account/,
    ],
    [
      'an unknown feature of a method',
      { stepUp: [{ method: 'PUSH', unsafeIf: ['x'] }] },
      /stepUp\[0\].unsafeIf \(line \d+\): there is no feature x/,
    ],
    ['no method', { stepUp: [] }, /^policy, stepUp/],
    [
      'a case that fails',
      { rules: [rule({ cases: [{ given, expect: 'no hit' }] })] },
      /^rule many, cases\[0\] \(line \d+\): expected no hit, found hit$/,
    ],
    [
      'a case that is not unknown',
      { rules: [rule({ cases: [{ given: {}, expect: 'hit' }] })] },
      /expected hit, found unknown/,
    ],
    [
      'a case with a feature that the rule has not',
      { rules: [rule({ cases: [{ given: { features: { amount: 1 } }, expect: 'hit' }] })] },
      /feature amount is not used here/,
    ],
    [
      'a decision that comes out otherwise',
      { rules: [rule()], cases: [{ name: 'calm', given, outcome: 'ALLOW' }] },
      /calm: expected ALLOW, found STEP_UP \(UNUSUAL_FREQUENCY\)/,
    ],
  ])('for %s', (_, over, message) => {
    const refusal = refusalOf(() => compile(policyText(over)))
    expect(refusal.code).toBe('POLICY_INVALID')
    expect(refusal.message).toMatch(message)
  })

  it('for text that is no YAML, or a key that stands twice', () => {
    expect(refusalOf(() => compile('version: [')).code).toBe('POLICY_INVALID')
    expect(() => compile(`${policyText()}late: BLOCK\n`)).toThrow('Map keys must be unique')
  })
})

const outcome = fc.constantFrom(...outcomes)
const anyRule = fc
  .record({
    when: fc.constantFrom(
      'f("count") > 5.0',
      'f("amount") > 100.0',
      'f("count") > 5.0 && f("amount") > 100.0',
      'f("payee_new") == 1.0 || late',
      'probability > 0.5',
      'f("device.health.remote_access") == 1.0',
      '!known("amount")',
      'true',
    ),
    outcome,
    onUnknown: outcome,
    reason: fc.constantFrom('UNUSUAL_FREQUENCY', 'UNUSUAL_AMOUNT', 'NEW_PAYEE'),
  })
  .map((over) => rule(over))
const named = (rules: readonly Readonly<Record<string, unknown>>[]) =>
  rules.map((each, i) => ({ ...each, id: `rule_${i}` }))
const cell = fc.constantFrom(0, 1, 6, 101, NaN)
const anyGiven = fc.record({
  features: fc
    .tuple(...features.map(() => cell))
    .map((row) => Object.fromEntries(features.map((name, i) => [name, row[i] ?? NaN]))),
  probability: fc.constantFrom(0, 0.3, 0.7, 0.99, NaN),
  late: fc.boolean(),
  degraded: fc.subarray(['device', 'history.account']),
})
const anyParts = fc.record({
  unscored: outcome,
  late: outcome,
  degraded: fc.array(fc.record({ outcome }), { maxLength: 2 }),
  rules: fc.array(anyRule, { maxLength: 4 }),
  stepUp: fc.constantFrom(
    [{ method: 'CALL_BACK' }],
    [{ method: 'PASSKEY', unsafeIf: ['device.health.remote_access'] }],
  ),
})

describe('properties of a policy', () => {
  it('adding a rule never softens a decision nor takes a reason from it', () => {
    const payments = fc.array(anyGiven, { minLength: 20, maxLength: 40 })
    fc.assert(
      fc.property(anyParts, anyRule, fc.nat(4), payments, (parts, added, at, given) => {
        const compiled = (rules: typeof parts.rules) =>
          compile(policyText({ ...parts, rules: named(rules) })).bind(slots)
        const before = compiled(parts.rules)
        const after = compiled(parts.rules.toSpliced(at, 0, added))
        for (const each of given.map(scored)) {
          const [once, then] = [before.assess(each), after.assess(each)]
          expect(isAtLeast(then.outcome, once.outcome)).toBe(true)
          const kept = new Set([...codes(then), 'NO_SAFE_STEP_UP'])
          expect(codes(once).filter((code) => !kept.has(code))).toEqual([])
        }
      }),
      { numRuns: 100 },
    )
  })

  it('the whole is the strictest of what its rules give one by one', () => {
    fc.assert(
      fc.property(fc.array(anyRule, { maxLength: 5 }), anyGiven, (rules, given) => {
        const alone = rules.map((each) => assess(policyText({ rules: [each] }), given).outcome)
        const nothing: Outcome = assess(policyText(), given).outcome
        expect(assess(policyText({ rules: named(rules) }), given).outcome).toBe(
          alone.reduce(stricter, nothing),
        )
      }),
      { numRuns: 60 },
    )
  })

  it('not knowing is never better than the best answer, where a rule gives its own outcome for it', () => {
    const cautious = anyRule
      .filter((each) => each['when'] !== '!known("amount")')
      .map((each) => ({ ...each, onUnknown: each['outcome'] }))
    fc.assert(
      fc.property(
        fc.array(cautious, { maxLength: 4 }),
        anyGiven,
        fc.constantFrom(...features),
        cell,
        (rules, given, name, value) => {
          const assessor = compile(policyText({ rules: named(rules) })).bind(slots)
          const withValue = (known: number) =>
            assessor.assess(scored({ ...given, features: { ...given.features, [name]: known } })).outcome
          expect(isAtLeast(withValue(NaN), withValue(value))).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('the same payment always gets the same answer', () => {
    const assessor = compile(
      policyText({
        rules: [rule(), rule({ id: 'text', when: 'payment.currency.startsWith("E") && f("amount") > 5.0' })],
      }),
    ).bind(slots)
    fc.assert(
      fc.property(anyGiven, anyGiven, (one, other) => {
        const first = assessor.assess(scored(one))
        assessor.assess(scored(other))
        expect(assessor.assess(scored(one))).toEqual(first)
      }),
    )
  })
})
