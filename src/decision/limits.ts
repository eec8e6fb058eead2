import type { Outcome } from '../domain/outcome.ts'
import { factsOf, indexOf } from './cases.ts'
import { always, type CompileCondition } from './condition.ts'
import { slotOf, type Facts, type FeatureIndex } from './facts.ts'
import type { Ground } from './ground.ts'
import { makeEach, refuse } from './invalid.ts'
import type { Judge } from './judge.ts'
import type { LimitSpec } from './limitSchema.ts'
import type { Given } from './policyTerms.ts'
import type { PolicyText } from './policyText.ts'
import { onUnknownOf } from './onUnknown.ts'
import { protectionClassOf } from './protectionClass.ts'
import { checkReason } from './rules.ts'
import { both, NO, UNKNOWN, YES, type Test } from './truth.ts'

export type CompiledLimit = {
  readonly spec: LimitSpec
  readonly place: (...path: readonly (string | number)[]) => string
  readonly features: readonly string[]
  /** Whether a payment is over the limit. */
  readonly bind: (slot: FeatureIndex) => Test
  readonly onUnknown: Outcome
  /** Epoch milliseconds; +Infinity: never. */
  readonly expiresAt: number
}

export type CompileLimitsDeps = {
  readonly compile: CompileCondition
  readonly checkFeature: (place: string, name: string) => void
}

/** @throws SluiceError POLICY_INVALID */
export const compileLimits = (
  { spec: policy, place }: PolicyText,
  { compile, checkFeature }: CompileLimitsDeps,
): readonly CompiledLimit[] =>
  makeEach(policy.limits, (spec, i) => {
    const at = (...path: readonly (string | number)[]): string => place('limits', i, ...path)
    if (policy.limits.findIndex(({ id }) => id === spec.id) !== i)
      refuse(at('id'), 'another limit has this id')
    checkFeature(at('of'), spec.of)
    checkReason(spec, at)
    const applies = spec.when === undefined ? always : compile(at('when'), spec.when)
    return {
      spec,
      place: at,
      features: [...new Set([...applies.features, spec.of])],
      bind: (slot) => both(applies.bind(slot), exceeds(spec, slot)),
      onUnknown: onUnknownOf(spec, policy.onUnknown, applies, at('onUnknown')),
      expiresAt: spec.expires === undefined ? Infinity : Date.parse(spec.expires),
    }
  })

const exceeds = ({ of, atMost }: LimitSpec, slot: FeatureIndex): Test => {
  const at = slotOf(slot, of)
  const boundFor =
    typeof atMost === 'number' ? () => atMost : (facts: Facts) => atMost[protectionClassOf(facts)]
  return (facts) => {
    const value = facts.features[at] ?? NaN
    if (Number.isNaN(value)) return UNKNOWN
    return value > boundFor(facts) ? YES : NO
  }
}

export const bindLimit = ({ spec, bind, onUnknown, expiresAt }: CompiledLimit, slot: FeatureIndex): Judge => {
  const test = bind(slot)
  const from = { origin: { part: 'limit', id: spec.id }, isFinal: spec.final } as const
  const exceeded: Ground = { code: spec.reason, outcome: spec.outcome, ...from }
  const unknown: Ground | null =
    onUnknown === 'ALLOW' ? null : { code: 'FACTS_UNKNOWN', outcome: onUnknown, ...from }
  return (facts, grounds) => {
    if (facts.effectiveAt >= expiresAt) return
    const truth = test(facts)
    if (truth === YES) grounds.push(exceeded)
    else if (truth === UNKNOWN && unknown !== null) grounds.push(unknown)
  }
}

export type FoundOfLimit = 'within' | 'exceeded' | 'unknown'
const spoken = { [NO]: 'within', [YES]: 'exceeded', [UNKNOWN]: 'unknown' } as const

/** How a payment as a case describes it stands to a limit. */
export const findInLimit = ({
  features,
  bind,
}: Pick<CompiledLimit, 'features' | 'bind'>): ((given: Given, place: string) => FoundOfLimit) => {
  const slot = indexOf(features)
  const test = bind(slot)
  return (given, place) => spoken[test(factsOf(given, slot, place))]
}

/** @throws SluiceError POLICY_INVALID when a limit's own case comes out otherwise than it says */
export const runLimitCases = (limits: readonly CompiledLimit[]): void => {
  makeEach(limits, (limit) => {
    const find = findInLimit(limit)
    makeEach(limit.spec.cases, ({ given, expect }, i) => {
      const found = find(given, limit.place('cases', i))
      if (found !== expect) refuse(limit.place('cases', i), `expected ${expect}, found ${found}`)
    })
  })
}
