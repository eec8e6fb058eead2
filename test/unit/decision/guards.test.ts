import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGuards } from '../../../src/compose/guards.ts'
import { type KillSwitch, parseKillSwitch } from '../../../src/decision/killSwitch.ts'
import { isAtLeast, outcomes } from '../../../src/domain/outcome.ts'
import { compilePolicy } from '../../../src/decision/policy.ts'
import { features, policyText, refusalOf, rule } from './policyOf.ts'
import { scoredWith, slotsOf } from './scored.ts'

const names = [...features, 'payment.amount']
const slots = slotsOf(names)
const compile = (over: Parameters<typeof policyText>[0]) =>
  compilePolicy(policyText(over), { isFeature: (name) => (names.includes(name) ? null : 'unknown') })
const breaker = {
  windowMinutes: 10,
  share: 0.01,
  factor: 3,
  minBlocks: 3,
  minAccounts: 3,
  usualHours: 24,
  closeAfterMinutes: 10,
}
const controlGroup = { share: 0.1, maxAmount: 5_000 }
const order = (parts: object): KillSwitch =>
  parseKillSwitch(
    JSON.stringify({ by: 'me', why: 'a test', until: '2026-01-02T00:00:00Z', ...parts }),
    'f',
    Date.UTC(2026, 0, 1),
  )

type Given = { readonly killSwitch?: KillSwitch | null; readonly hash?: string }
const guarded = (
  over: Parameters<typeof policyText>[0],
  { killSwitch = null, hash = 'fffffffffffff' }: Given = {},
) => {
  const policy = compile(over)
  const { guards, see } = createGuards(
    policy,
    slots,
    { killSwitch: () => killSwitch, usual: new Map(), hashText: () => hash, onBreaker: () => undefined },
    () => 0,
  )
  const alone = policy.bind(slots)
  const assessor = policy.bind(slots, guards)
  return {
    alone,
    assess: (scored: Parameters<typeof alone.assess>[0]) => {
      see?.(scored)
      return assessor.assess(scored)
    },
  }
}
const payment = (i: number, count = 9, amount = 100) =>
  scoredWith(slots, {
    payment: { paymentId: `p${i}`, accountId: `a${i}` },
    features: { count, 'payment.amount': amount, 'device.health.remote_access': 0 },
  })
const blocking = rule({ outcome: 'BLOCK' })

describe('guards', () => {
  it('a breaker makes STEP_UP of the BLOCK of a rule that blocks everything, and the decision says so', () => {
    const { assess } = guarded({ rules: [blocking], breaker })
    const answers = [0, 1, 2, 3].map((i) => assess(payment(i)))
    expect(answers.map(({ outcome }) => outcome)).toEqual(['BLOCK', 'BLOCK', 'STEP_UP', 'STEP_UP'])
    expect(answers[3]).toMatchObject({
      judged: 'BLOCK',
      exceptions: ['breaker:rule:many'],
      stepUpMethod: 'PASSKEY',
      reasons: [{ code: 'UNUSUAL_FREQUENCY' }],
    })
  })

  it('a breaker counts a model by its version, and holds no rule back that says never', () => {
    const { assess } = guarded({ thresholds: [{ stepUp: 0.001, block: 0.005 }], breaker })
    expect([0, 1, 2].map((i) => assess(payment(i)).exceptions)).toEqual([[], [], ['breaker:model:a-model/1']])
    const never = guarded({ rules: [rule({ outcome: 'BLOCK', breaker: 'never' })], breaker })
    expect([0, 1, 2, 3].map((i) => never.assess(payment(i)).outcome)).toEqual(Array(4).fill('BLOCK'))
  })

  it('where no step-up is safe, a payment stays blocked and no exception is named', () => {
    const { assess } = guarded({
      rules: [blocking],
      breaker,
      stepUp: [{ method: 'PASSKEY', unsafeIf: ['amount'] }],
    })
    const last = [0, 1, 2, 3].map((i) => assess(payment(i))).at(-1)
    expect(last).toMatchObject({ outcome: 'BLOCK', exceptions: [] })
  })

  it('a control group lets through what may be learned from, and nothing else', () => {
    const taken = { hash: '0000000000000' }
    const parts = { rules: [blocking], controlGroup }
    expect(guarded(parts, taken).assess(payment(1))).toMatchObject({
      outcome: 'ALLOW',
      judged: 'BLOCK',
      exceptions: ['control_group'],
      reasons: [{ code: 'UNUSUAL_FREQUENCY' }],
    })
    expect(guarded(parts).assess(payment(1)).outcome).toBe('BLOCK')
    expect(guarded(parts, taken).assess(payment(1, 9, 5_001)).outcome).toBe('BLOCK')
    expect(guarded(parts, taken).assess(payment(1, 9, NaN)).outcome).toBe('BLOCK')
    const final = { rules: [rule({ outcome: 'BLOCK', final: true })], controlGroup }
    expect(guarded(final, taken).assess(payment(1)).outcome).toBe('BLOCK')
  })

  it('names each that had to, also a breaker whose effect only shows once a kill switch has taken the rest away', () => {
    const rules = [blocking, rule({ id: 'other', outcome: 'BLOCK', breaker: 'never' })]
    const { assess } = guarded({ rules, breaker }, { killSwitch: order({ rulesOff: ['other'] }) })
    const answers = [0, 1, 2, 3].map((i) => assess(payment(i)))
    expect(answers.map(({ outcome }) => outcome)).toEqual(['BLOCK', 'BLOCK', 'STEP_UP', 'STEP_UP'])
    expect(answers[3]?.exceptions).toEqual(['breaker:rule:many', 'kill_switch'])
  })

  it('a kill switch turns rules off, bounds outcomes from above and below', () => {
    const rules = [rule({ outcome: 'BLOCK', final: true })]
    const by = (parts: object) => guarded({ rules }, { killSwitch: order(parts) })
    expect(by({ rulesOff: ['many'] }).assess(payment(1))).toMatchObject({
      outcome: 'ALLOW',
      exceptions: ['kill_switch'],
    })
    expect(by({ atMost: 'STEP_UP' }).assess(payment(1))).toMatchObject({
      outcome: 'STEP_UP',
      exceptions: ['kill_switch'],
    })
    expect(by({ atLeast: 'BLOCK' }).assess(payment(1, 1))).toMatchObject({
      outcome: 'BLOCK',
      exceptions: [],
      reasons: [{ code: 'KILL_SWITCH' }],
    })
  })

  it.each([
    [{ until: undefined, modelOff: true }, 'until'],
    [{ until: '2027-01-01T00:00:00Z', modelOff: true }, 'at most 7 days'],
    [{}, 'expected one of modelOff, rulesOff, atMost, atLeast'],
    [{ atMost: 'ALLOW', atLeast: 'BLOCK' }, 'no stricter than atMost'],
    [{ modelOf: true }, 'modelOf'],
  ])('a kill switch %o is refused', (parts, message) => {
    const refused = refusalOf(() => order(parts))
    expect(refused.code).toBe('POLICY_INVALID')
    expect(refused.message).toContain(message)
  })

  it('nothing but guards softens, always named, and a breaker never below STEP_UP', () => {
    const outcome = fc.constantFrom(...outcomes)
    fc.assert(
      fc.property(
        fc.array(fc.record({ outcome, final: fc.boolean() }), { minLength: 1, maxLength: 4 }),
        fc.record({ breaker: fc.boolean(), control: fc.boolean(), taken: fc.boolean() }),
        fc.option(
          fc.oneof(
            outcome.map((atMost) => ({ atMost })),
            fc.constant({ rulesOff: ['r0'] }),
          ),
        ),
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }),
        (rules, has, ordered, counts) => {
          const { alone, assess } = guarded(
            {
              rules: rules.map((each, i) => rule({ id: `r${i}`, ...each })),
              ...(has.breaker ? { breaker } : {}),
              ...(has.control ? { controlGroup } : {}),
            },
            {
              killSwitch: ordered === null ? null : order(ordered),
              hash: has.taken ? '0'.repeat(13) : 'f'.repeat(13),
            },
          )
          for (const [i, count] of counts.entries()) {
            const scored = payment(i, count)
            const without = alone.assess(scored).outcome
            const { outcome: given, exceptions, judged } = assess(scored)
            expect(judged).toBe(without)
            expect(isAtLeast(without, given)).toBe(true)
            expect(exceptions.length > 0).toBe(given !== without)
            if (exceptions.every((each) => each.startsWith('breaker:')) && without === 'BLOCK')
              expect(isAtLeast(given, 'STEP_UP')).toBe(true)
            if (!has.breaker && !has.control && ordered === null) expect(given).toBe(without)
          }
        },
      ),
    )
  })
})
