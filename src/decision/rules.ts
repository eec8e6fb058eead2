import type { Outcome } from '../domain/outcome.ts'
import type { CompileCondition, Condition } from './condition.ts'
import { confirmedSlot } from './confirmed.ts'
import type { FeatureIndex } from './facts.ts'
import type { Ground } from './ground.ts'
import { makeEach, refuse } from './invalid.ts'
import type { RuleSpec } from './policySchema.ts'
import type { Judge } from './judge.ts'
import type { PolicyText } from './policyText.ts'
import { onUnknownOf } from './onUnknown.ts'
import { reasonCatalogue } from './reasonCatalogue.ts'
import { UNKNOWN, YES } from './truth.ts'

export type CompiledRule = {
  readonly spec: RuleSpec
  readonly place: (...path: readonly (string | number)[]) => string
  readonly condition: Condition
  readonly onUnknown: Outcome
  /** Epoch milliseconds; +Infinity: never. */
  readonly expiresAt: number
}

export const compileRules = (
  { spec: policy, place }: PolicyText,
  compile: CompileCondition,
): readonly CompiledRule[] =>
  makeEach(policy.rules, (spec, i) => {
    const at = (...path: readonly (string | number)[]): string => place('rules', i, ...path)
    if (policy.rules.findIndex(({ id }) => id === spec.id) !== i) refuse(at('id'), 'another rule has this id')
    checkReason(spec, at)
    if (spec.askAgainAfter !== undefined && spec.outcome !== 'STEP_UP')
      refuse(at('askAgainAfter'), `only a rule that gives STEP_UP asks, and this one gives ${spec.outcome}`)
    const condition = compile(at('when'), spec.when)
    return {
      spec,
      place: at,
      condition,
      onUnknown: onUnknownOf(spec, policy.onUnknown, condition, at('onUnknown')),
      expiresAt: spec.expires === undefined ? Infinity : Date.parse(spec.expires),
    }
  })

/** @throws SluiceError POLICY_INVALID for a code that is not in the catalogue, or serves another finding */
export const checkReason = (spec: Pick<RuleSpec, 'reason' | 'finding'>, at: CompiledRule['place']): void => {
  const reason = reasonCatalogue[spec.reason]
  if (reason === undefined) return refuse(at('reason'), `${spec.reason} is not in the catalogue of reasons`)
  if (reason.finding === null) return refuse(at('reason'), `${spec.reason} is not for rules`)
  if (reason.finding !== spec.finding)
    refuse(at('finding'), `${spec.reason} serves ${reason.finding}, not ${spec.finding}`)
}

export const bindRule = (
  { spec, condition, onUnknown, expiresAt }: CompiledRule,
  slot: FeatureIndex,
): Judge => {
  const test = condition.bind(slot)
  const from = { origin: { part: 'rule', id: spec.id }, isFinal: spec.final } as const
  const confirmedAt = confirmedSlot(spec.askAgainAfter, slot)
  const hit: Ground = { code: spec.reason, outcome: spec.outcome, ...from, confirmedAt }
  const unknown: Ground | null =
    onUnknown === 'ALLOW' ? null : { code: 'FACTS_UNKNOWN', outcome: onUnknown, ...from }
  return (payment, grounds) => {
    if (payment.effectiveAt >= expiresAt) return
    const truth = test(payment)
    if (truth === YES) grounds.push(hit)
    else if (truth === UNKNOWN && unknown !== null) grounds.push(unknown)
  }
}
