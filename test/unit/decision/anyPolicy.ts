import fc from 'fast-check'
import { type GuardDeps, createGuards } from '../../../src/compose/guards.ts'
import { type KillSwitch, parseKillSwitch } from '../../../src/decision/killSwitch.ts'
import { compilePolicy, type Policy } from '../../../src/decision/policy.ts'
import { type ListEntry, listEffects } from '../../../src/domain/listEntry.ts'
import { outcomes } from '../../../src/domain/outcome.ts'
import { protectionLevels } from '../../../src/domain/protection.ts'
import { reasonSetOf } from '../../../src/domain/reasonSet.ts'
import { aListEntry } from '../../support/listEntries.ts'
import { features, policyText, rule } from './policyOf.ts'
import { slotsOf } from './scored.ts'

export type Part = Readonly<Record<string, unknown>>

export const lately = 'account.confirmed_reasons.30d'
export const attempts = 'account.attempt_confirmed_reasons.24h'
export const names = [...features, 'payment.amount']
export const slots = slotsOf(names)

const outcome = fc.constantFrom(...outcomes)
const stopping = fc.constantFrom('STEP_UP', 'BLOCK')
const reasons = ['UNUSUAL_FREQUENCY', 'UNUSUAL_AMOUNT', 'NEW_PAYEE'] as const
const when = fc.constantFrom(
  'true',
  'f("count") > 5.0',
  'f("amount") > 100.0 || late',
  'f("payee_new") == 1.0 && protectedAtLeast("GUARDED")',
  'probability > 0.5',
  '!known("amount")',
  'payment.country == "DE" || f("amount") > 5.0',
  // Of what no closure is made.
  'payment.country.startsWith("D") && f("count") > 5.0',
  'degraded.exists(input, input.startsWith("history."))',
  '"device" in degraded && f("amount") > 5.0 || f("count") > 100.0',
  'payment.method == "CARD" ? "history.account" in degraded : size(degraded) > 1',
  'payment.method in ["TRANSFER"] ? f("amount") > 5.0 : protection in ["UNKNOWN", "NO_DEVICE"]',
)
/** What names degraded must not be stricter where it is unknown; the policy's own may be. */
const unsureOf = <T extends { readonly when: string; readonly outcome: string }>(
  part: T,
  unsure: { readonly onUnknown?: string },
): object => (part.when.includes('degraded') ? { onUnknown: part.outcome } : unsure)
const expires = fc.constantFrom({}, {}, {}, { expires: '2026-01-01' }, { expires: '2027-01-01' })
/** Absent: the policy's own. */
const onUnknown = fc.oneof(
  outcome.map((each) => ({ onUnknown: each })),
  fc.constant({}),
)
const askAgainAfter = fc.constantFrom({}, { askAgainAfter: '30d' })

export const anyRule: fc.Arbitrary<Part> = fc
  .record({
    when,
    outcome,
    onUnknown,
    final: fc.boolean(),
    reason: fc.constantFrom(...reasons),
    breaker: fc.constantFrom({}, {}, { breaker: 'never' }),
    again: askAgainAfter,
    expires,
  })
  .map(({ breaker, again, onUnknown: unsure, expires: ends, ...over }) =>
    rule({
      ...over,
      ...unsureOf(over, unsure),
      ...ends,
      ...breaker,
      ...(over.outcome === 'STEP_UP' ? again : {}),
    }),
  )

const bound = fc.constantFrom(0, 5, 100)

export const anyLimit: fc.Arbitrary<Part> = fc
  .record({
    of: fc.constantFrom('count', 'amount'),
    when,
    atMost: fc.oneof(
      bound,
      bound.map((low) => ({
        UNKNOWN: low,
        NO_DEVICE: 5,
        NONE: low,
        RESTRICTED: low,
        GUARDED: low + 1,
        FULL: low + 100,
      })),
    ),
    outcome: stopping,
    onUnknown,
    final: fc.boolean(),
    reason: fc.constant('COUNT_LIMIT'),
    finding: fc.constant('ABNORMAL_BEHAVIOUR'),
    owner: fc.constant('tests'),
    expires,
  })
  .map(({ onUnknown: unsure, expires: ends, ...limit }) => ({
    ...limit,
    ...unsureOf(limit, unsure),
    ...ends,
  }))

const breaker = fc.record({
  windowMinutes: fc.constant(10),
  share: fc.constantFrom(0.01, 0.3),
  factor: fc.constant(3),
  minBlocks: fc.constantFrom(2, 5),
  minAccounts: fc.constantFrom(1, 3),
  usualHours: fc.constant(24),
  closeAfterMinutes: fc.constant(10),
})

/** With everything that a policy can hold. */
export const anyPolicy = fc.record({
  parts: fc.record({
    onUnknown: outcome,
    unscored: outcome,
    late: outcome,
    reusedPaymentId: outcome,
    degraded: fc.array(
      fc.oneof(
        fc.record({ outcome }),
        fc.record({ outcome, inputs: fc.constant(['device']), when: fc.constant('f("amount") > 5.0') }),
      ),
      { maxLength: 2 },
    ),
    stepUp: fc.constantFrom(
      [{ method: 'CALL_BACK' }],
      [{ method: 'PASSKEY', unsafeIf: ['device.health.remote_access'] }],
      [{ method: 'CALL_BACK', unsafeIf: ['device.health.sim_change'], unknownIs: 'SAFE' }],
      [
        { method: 'PASSKEY', unsafeIf: ['device.health.remote_access'] },
        { method: 'BRANCH', when: 'f("amount") > 5.0' },
      ],
    ),
  }),
  thresholds: fc
    .tuple(
      askAgainAfter,
      fc.constantFrom(
        [{ stepUp: 0.6, block: 0.95 }],
        [
          { stepUp: 0.2, block: 0.6, when: '!protectedAtLeast("GUARDED")' },
          { stepUp: 0.6, block: 0.95 },
        ],
      ),
    )
    .map(([again, segments]): readonly Part[] => segments.map((segment) => ({ ...segment, ...again }))),
  rules: fc.array(anyRule, { maxLength: 4 }),
  limits: fc.array(anyLimit, { maxLength: 2 }),
  breaker: fc.option(breaker, { nil: undefined }),
  controlGroup: fc.option(fc.constant({ share: 0.1, maxAmount: 5_000 }), { nil: undefined }),
})
export type AnyPolicy = typeof anyPolicy extends fc.Arbitrary<infer P> ? P : never

const numbered = (prefix: string, parts: readonly Part[]): readonly Part[] =>
  parts.map((each, i) => ({ ...each, id: isNumbered(each) ? each['id'] : `${prefix}_${i}` }))

const isNumbered = ({ id }: Part): boolean => typeof id === 'string' && /_\d+$/.test(id)

/** The same policy with something more at that place; what is there keeps its id, and so what is snoozed or off. */
export const withMore = (
  policy: AnyPolicy,
  add: { readonly rule: Part } | { readonly limit: Part },
  at: number,
): AnyPolicy => ({
  ...policy,
  rules:
    'rule' in add
      ? numbered('rule', policy.rules).toSpliced(at, 0, { ...add.rule, id: 'rule_99' })
      : policy.rules,
  limits:
    'limit' in add
      ? numbered('limit', policy.limits).toSpliced(at, 0, { ...add.limit, id: 'limit_99' })
      : policy.limits,
})

export const textOf = ({ parts, thresholds, rules, limits, ...guards }: AnyPolicy): string =>
  policyText({
    ...parts,
    thresholds,
    rules: numbered('rule', rules),
    limits: numbered('limit', limits),
    ...(guards.breaker === undefined ? {} : { breaker: guards.breaker }),
    ...(guards.controlGroup === undefined ? {} : { controlGroup: guards.controlGroup }),
  })

export const compileAny = (policy: AnyPolicy): Policy =>
  compilePolicy(textOf(policy), { isFeature: (name) => (names.includes(name) ? null : `no ${name}`) })

const order = (parts: object): KillSwitch =>
  parseKillSwitch(
    JSON.stringify({ by: 'me', why: 'a test', until: '2026-01-02T00:00:00Z', ...parts }),
    'f',
    Date.UTC(2026, 0, 1),
  )

export const anyOrder: fc.Arbitrary<KillSwitch | null> = fc.option(
  fc
    .constantFrom(
      { atMost: 'ALLOW' },
      { atMost: 'STEP_UP' },
      { atLeast: 'STEP_UP' },
      { atLeast: 'BLOCK' },
      { atLeast: 'STEP_UP', atMost: 'STEP_UP', rulesOff: ['rule_1'] },
      { rulesOff: ['rule_0'] },
      { modelOff: true },
      { modelOff: true, rulesOff: ['rule_0', 'rule_1'] },
    )
    .map(order),
)

const anySet = fc.oneof(
  fc.constantFrom(NaN, 0),
  fc.subarray([...reasons, 'MODEL_SCORE', 'COUNT_LIMIT', 'FACTS_UNKNOWN', 'LATE']).map(reasonSetOf),
)
const cell = fc.constantFrom(0, 1, 6, 101, NaN)
const anyEntry = fc
  .tuple(fc.constantFrom('SNOOZE' as const, ...listEffects.slice(1)), fc.nat(1))
  .map(([effect, at]) =>
    aListEntry({ effect, entryId: `e-${effect}-${at}`, ruleId: effect === 'SNOOZE' ? `rule_${at}` : null }),
  )

const someEntries: fc.Arbitrary<readonly ListEntry[]> = fc.oneof(
  fc.constant([]),
  fc.uniqueArray(anyEntry, { maxLength: 3, selector: ({ entryId }) => entryId }),
)

const inputs = ['device', 'history.account']
const anyPayment = fc.record({
  features: fc.tuple(anySet, anySet, ...names.map(() => cell)).map(([recent, earlier, ...row]) => ({
    ...Object.fromEntries(names.map((name, i) => [name, row[i] ?? NaN])),
    [lately]: recent,
    [attempts]: earlier,
  })),
  probability: fc.constantFrom(0, 0.3, 0.7, 0.99, NaN),
  late: fc.boolean(),
  degraded: fc.subarray(inputs),
  /** What a rule that is added may need beside these. */
  alsoDegraded: fc.oneof(fc.constant([]), fc.subarray(inputs)),
  protection: fc.constantFrom(...protectionLevels),
  listed: someEntries,
  effectiveAt: fc.constantFrom(Date.UTC(2026, 5, 1), Date.UTC(2027, 5, 1)),
  payment: fc.record({
    deviceId: fc.constantFrom('d-1', null),
    country: fc.constantFrom('DE', 'FR', null),
    method: fc.constantFrom('TRANSFER' as const, 'CARD' as const),
  }),
})
export type AnyPayment = typeof anyPayment extends fc.Arbitrary<infer P> ? P : never

/** A stream of them, of five accounts. */
export const anyPayments = fc.array(anyPayment, { minLength: 10, maxLength: 30 }).map((payments) =>
  payments.map((each, i) => ({
    ...each,
    payment: { ...each.payment, paymentId: `p${i}`, accountId: `a${i % 5}` },
  })),
)

/** Every other payment belongs to the control group. */
const hashText = (text: string): string => (/[02468]$/.test(text) ? '0' : 'f').repeat(13)

/** The guards of a policy, as a bundle has them. */
export const guardsOf = (policy: Policy, killSwitch: KillSwitch | null) => {
  const deps: GuardDeps = {
    killSwitch: () => killSwitch,
    usual: new Map(),
    hashText,
    onBreaker: () => undefined,
  }
  return createGuards(policy, slots, deps, () => 0)
}
