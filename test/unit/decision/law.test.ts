import fc from 'fast-check'
import { expect, it } from 'vitest'
import { guardDeciding } from '../../../src/compose/guardDeciding.ts'
import type { Ground } from '../../../src/decision/ground.ts'
import type { KillSwitch } from '../../../src/decision/killSwitch.ts'
import type { Assessed, Scored } from '../../../src/domain/decision.ts'
import { isAtLeast, type Outcome, stricter } from '../../../src/domain/outcome.ts'
import { holdsReason } from '../../../src/domain/reasonSet.ts'
import {
  anyLimit,
  anyOrder,
  anyPayments,
  anyPolicy,
  anyRule,
  attempts,
  compileAny,
  guardsOf,
  lately,
  slots,
  withMore,
  type AnyPayment,
  type AnyPolicy,
} from './anyPolicy.ts'
import { scoredWith } from './scored.ts'

/** Decides one payment after the other as an instance does, with all that stands beside the policy. */
const decider = (policy: AnyPolicy, order: KillSwitch | null) => {
  const compiled = compileAny(policy)
  const guards = guardsOf(compiled, order)
  const { score, assess } = guardDeciding(guards, compiled.bind(slots, guards.guards).assess, {
    score: (enriched) => enriched as readonly Scored[],
    explain: (assessed) => assessed,
  })
  const { assessReused } = compiled.bind(slots, guards.guards)
  const decide = (given: AnyPayment): Assessed => {
    const [scored] = score([scoredWith(slots, given)])
    if (scored === undefined) throw new Error('a payment is missing')
    return assess(scored)
  }
  return { decide, assessReused }
}

/** What a decision names, and whether there is such a thing here. */
const isThere = (exception: string, policy: AnyPolicy, order: KillSwitch | null, { listed }: AnyPayment) => {
  const [kind = '', ...id] = exception.split(':')
  const entry = (effect: string) =>
    listed.some((each) => each.effect === effect && each.entryId === id.join(':'))
  return {
    allow_list: entry('ALLOW'),
    snooze: entry('SNOOZE'),
    breaker: policy.breaker !== undefined,
    kill_switch: order !== null,
    control_group: policy.controlGroup !== undefined,
  }[kind]
}

const strictest = (grounds: readonly Ground[]) =>
  grounds.reduce<Outcome>((most, { outcome }) => stricter(most, outcome), 'ALLOW')

/** Whether a passed step-up is to release this ground: it asked for this reason, then or lately. */
const isConfirmed = ({ outcome, code, origin }: Ground, policy: AnyPolicy, given: AnyPayment): boolean => {
  if (outcome !== 'STEP_UP') return false
  if (holdsReason(given.features[attempts] ?? NaN, code)) return true
  const at = Number(origin.id.replace(/\D/g, ''))
  const part =
    origin.part === 'rule' && code !== 'FACTS_UNKNOWN'
      ? policy.rules[at]
      : origin.part === 'threshold'
        ? policy.thresholds[at]
        : undefined
  return part !== undefined && 'askAgainAfter' in part && holdsReason(given.features[lately] ?? NaN, code)
}

/** What of a policy no list, and no control group, may soften. */
const finalsOf = (policy: AnyPolicy): AnyPolicy => ({
  ...policy,
  parts: { ...policy.parts, unscored: 'ALLOW', late: 'ALLOW', degraded: [] },
  thresholds: [{ stepUp: 1, block: 1 }],
  rules: policy.rules.filter((each) => each['final'] === true),
  limits: policy.limits.filter((each) => each['final'] === true),
})

it('nothing softens but lists, breaker, kill switch and control group, and each of them says so', () => {
  const softer = new Map<string, number>()
  let released = 0
  let stricterFor = 0
  const added = fc.oneof(
    anyRule.map((rule) => ({ rule })),
    anyLimit.map((limit) => ({ limit })),
  )
  fc.assert(
    fc.property(anyPolicy, added, fc.nat(4), anyOrder, anyPayments, (policy, add, at, order, payments) => {
      const more = withMore(policy, add, at)
      const [{ decide, assessReused }, moreDeciding] = [decider(policy, order), decider(more, order)]
      const compiled = compileAny(policy)
      const [alone, groundsOf] = [compiled.bind(slots), compiled.bindGrounds(slots)]
      const finals = compileAny(finalsOf(policy)).bind(slots)
      let knowsLess = false
      for (const given of payments) {
        const found = decide(given)

        const then = moreDeciding.decide({
          ...given,
          degraded: [...new Set([...given.degraded, ...given.alsoDegraded])],
        })
        expect(isAtLeast(then.judged, found.judged)).toBe(true)
        if (then.outcome !== found.outcome) stricterFor++
        const [reused, thenReused] = [assessReused(found), moreDeciding.assessReused(then)]
        // Where more is degraded an old rule blocks more often, and its breaker may open for it: an exception that is told.
        knowsLess ||= new Set<string>([...given.degraded, ...given.alsoDegraded]).size > given.degraded.length
        if (!knowsLess || !then.exceptions.some((each) => each.startsWith('breaker'))) {
          expect(isAtLeast(then.outcome, found.outcome)).toBe(true)
          expect(isAtLeast(thenReused.outcome, reused.outcome)).toBe(true)
        }
        expect(isAtLeast(reused.outcome, found.outcome)).toBe(true)

        const isModelOff = order?.modelOff === true
        const probability = isModelOff ? NaN : given.probability
        const degraded = isModelOff ? [...given.degraded, 'model'] : given.degraded
        const blocks = given.listed.filter(({ effect }) => effect === 'BLOCK')
        const bare = scoredWith(slots, { ...given, probability, degraded, listed: blocks })
        const { outcome: bareOutcome, exceptions: none } = alone.assess(bare)
        expect(none).toEqual([])
        if (order?.atLeast === undefined) expect(found.judged).toBe(bareOutcome)
        else expect(isAtLeast(found.judged, stricter(bareOutcome, order.atLeast))).toBe(true)
        expect(isAtLeast(found.judged, found.outcome)).toBe(true)
        for (const exception of found.exceptions) {
          expect(isThere(exception, policy, order, given)).toBe(true)
          const kind = exception.split(':', 1).join()
          softer.set(kind, (softer.get(kind) ?? 0) + 1)
        }
        if (order?.modelOff === true && found.outcome !== 'BLOCK')
          expect(found.exceptions).toContain('kill_switch')
        else expect(found.exceptions.length > 0).toBe(found.outcome !== found.judged)

        // Each of them overruled something stricter than what came of it.
        for (const name of found.exceptions) {
          const rule = /^snooze:(.*)$/.exec(name)?.[1]
          if (rule === undefined) continue
          const { ruleId } = given.listed.find(({ entryId }) => entryId === rule)!
          const overruled = groundsOf(bare).filter(
            ({ origin, isFinal }) => origin.part === 'rule' && origin.id === ruleId && !isFinal,
          )
          expect(isAtLeast(found.outcome, strictest(overruled))).toBe(false)
        }

        if (!found.exceptions.some((each) => /^(breaker|kill_switch)/.test(each)) && order === null)
          expect(isAtLeast(found.outcome, finals.assess(bare).outcome)).toBe(true)

        const asked = groundsOf(
          scoredWith(slots, {
            ...given,
            features: { ...given.features, [lately]: NaN, [attempts]: NaN },
            probability,
            degraded,
            listed: blocks,
          }),
        )
        const left = asked.filter((ground) => !isConfirmed(ground, policy, given))
        released += asked.length - left.length
        expect(strictest(groundsOf(bare))).toBe(strictest(left))
        expect(groundsOf(bare).filter(({ code }) => code !== 'STEP_UP_CONFIRMED')).toEqual(left)
      }
    }),
    { numRuns: 120 },
  )
  // Each of them had its chance.
  for (const kind of ['allow_list', 'snooze', 'breaker', 'kill_switch', 'control_group'])
    expect(softer.get(kind) ?? 0, kind).toBeGreaterThan(5)
  expect(released).toBeGreaterThan(100)
  expect(stricterFor).toBeGreaterThan(25)
}, 120_000)
