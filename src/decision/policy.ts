import type { Finding } from '../domain/decision.ts'
import type { Outcome } from '../domain/outcome.ts'
import {
  createAssessor,
  createConclude,
  groundsBy,
  judgeWith,
  type Assessor,
  type Conclude,
} from './assess.ts'
import { indexOf, runPolicyCases, runRuleCases } from './cases.ts'
import { createConditions } from './condition.ts'
import { compileConfirmed, createRelease } from './confirmed.ts'
import { controlGroupFeatures } from './controlGroup.ts'
import type { Facts, FeatureIndex } from './facts.ts'
import type { Guards } from './guard.ts'
import type { BreakerSpec, ControlGroupSpec } from './guardSchema.ts'
import { bindDegraded, compileDegraded, judgeLate, judgeUnscored } from './hindered.ts'
import type { Ground } from './ground.ts'
import { makeAll, makeEach, refuse } from './invalid.ts'
import type { JudgeAll, Verdict } from './judge.ts'
import { bindLimit, compileLimits, runLimitCases } from './limits.ts'
import type { Addresses } from './lists/addresses.ts'
import { compileFileEntries } from './lists/fileEntries.ts'
import { judgeLists } from './lists/judgeLists.ts'
import type { ListIndex } from './lists/listIndex.ts'
import { softenAllowed, softenSnoozed } from './lists/softenLists.ts'
import { bindNotices, noticeFeatures } from './notices.ts'
import type { PolicySpec } from './policySchema.ts'
import { readPolicyText, type PolicyText } from './policyText.ts'
import { bindRule, compileRules } from './rules.ts'
import { compileStepUp } from './stepUp.ts'
import { bindThresholds, compileThresholds } from './thresholds.ts'

export type PolicyDeps = {
  /** null: the name is a feature. Else what is wrong with it, with near names. */
  readonly isFeature: (name: string) => string | null
  /** The closed set of names in `degraded`; without it they are not checked. */
  readonly degradedInputs?: readonly string[]
  /** How the addresses of list entries are read; without it none of them acts. */
  readonly addresses?: Addresses
}

export type RuleSummary = {
  readonly id: string
  readonly outcome: Outcome
  readonly onUnknown: Outcome
  readonly reason: string
  readonly finding: Finding
  readonly owner: string
  readonly final: boolean
  readonly expires: string | null
}

export type Policy = {
  readonly version: string
  readonly rules: readonly RuleSummary[]
  /** The list entries that stand in the policy itself. */
  readonly entries: ListIndex
  /** No exception acts longer than this after its `from`. */
  readonly exceptionsMs: number
  /** Every feature that the policy looks at, each once: what a row must hold for it. */
  readonly features: readonly string[]
  /**
   * @param slot where each of `features` stands in the rows to be assessed
   * @param guards what comes after the policy; without them it decides alone
   * @throws RangeError if one is not there
   */
  readonly bind: (slot: FeatureIndex, guards?: Guards) => Assessor
  /** What each part of the policy gives a payment, before anything is softened: for comparing policies. */
  readonly bindGrounds: (slot: FeatureIndex) => (facts: Facts) => readonly Ground[]
  /** What a payment gets of which only so much is known: for trying cases. */
  readonly bindVerdict: (slot: FeatureIndex) => (facts: Facts) => Verdict
  /** What guards it asks for. */
  readonly breaker: BreakerSpec | null
  readonly controlGroup: ControlGroupSpec | null
  /** Ids of rules that no breaker holds back. */
  readonly neverHeldBack: ReadonlySet<string>
}

/**
 * Reads a policy, checks it and runs its self-tests.
 * @throws SluiceError POLICY_INVALID that names the rule or part, the line, and what is wrong there
 */
export const compilePolicy = (text: string, deps: PolicyDeps): Policy =>
  compilePolicyText(readPolicyText(text), deps)

/**
 * What `compilePolicy` does with a policy that was read before, which is most of its time: its errors tell no lines.
 * @throws SluiceError POLICY_INVALID
 */
export const compilePolicySpec = (spec: PolicySpec, deps: PolicyDeps): Policy =>
  compilePolicyText({ spec, place: (...path) => ['policy', ...path].join('.') }, deps)

/** @throws SluiceError POLICY_INVALID */
export const compilePolicyText = (policyText: PolicyText, deps: PolicyDeps): Policy => {
  const { spec } = policyText
  const { features, bindJudge } = compileParts(policyText, deps)
  const entries = compileFileEntries(policyText, deps.addresses ?? null)
  const slot = indexOf(features)
  runPolicyCases(policyText, bindJudge(slot).judge, slot)
  return {
    version: spec.version,
    features,
    entries,
    exceptionsMs: spec.lists.exceptionsAtMostDays * 86_400_000,
    rules: spec.rules.map(({ id, outcome, onUnknown, reason, finding, owner, final, expires }) => ({
      id,
      outcome,
      onUnknown: onUnknown ?? spec.onUnknown,
      reason,
      finding,
      owner,
      final,
      expires: expires ?? null,
    })),
    bind: (rows, guards) => {
      const { judge, conclude } = bindJudge(rows)
      return createAssessor(spec, judge, conclude, guards ?? null)
    },
    bindGrounds: (rows) => bindJudge(rows).groundsOf,
    bindVerdict: (rows) => {
      const { judge } = bindJudge(rows)
      return (facts) => judge(facts)
    },
    breaker: spec.breaker ?? null,
    controlGroup: spec.controlGroup ?? null,
    neverHeldBack: new Set(spec.rules.flatMap(({ id, breaker }) => (breaker === 'never' ? [id] : []))),
  }
}

type Bound = {
  readonly judge: JudgeAll
  readonly conclude: Conclude
  readonly groundsOf: (facts: Facts) => readonly Ground[]
}
type Parts = { readonly features: readonly string[]; readonly bindJudge: (slot: FeatureIndex) => Bound }

const compileParts = (policyText: PolicyText, { isFeature, degradedInputs }: PolicyDeps): Parts => {
  const { spec } = policyText
  const compile = createConditions(isFeature)
  const checkFeature = (place: string, name: string): void => {
    const problem = isFeature(name)
    if (problem !== null) refuse(place, problem)
  }
  const [rules, limits, thresholds, degraded, stepUp, confirmed] = makeAll(
    () => compileRules(policyText, compile),
    () => compileLimits(policyText, { compile, checkFeature }),
    () => compileThresholds(policyText, compile),
    () => compileDegraded(policyText, compile, degradedInputs ?? null),
    () => compileStepUp(policyText, compile, checkFeature),
    () => compileConfirmed(policyText, checkFeature),
    () => makeEach(noticeFeatures, (name) => checkFeature('notices', name)),
  )
  runRuleCases(rules)
  runLimitCases(limits)

  const conditions = [...rules, ...thresholds, ...degraded].map(({ condition }) => condition)
  return {
    features: [
      ...new Set([
        ...conditions.flatMap((each) => each.features),
        ...limits.flatMap((each) => each.features),
        ...stepUp.features,
        ...confirmed,
        ...noticeFeatures,
        ...(spec.controlGroup === undefined ? [] : controlGroupFeatures),
      ]),
    ],
    bindJudge: (slot) => {
      const judges = [
        judgeLists,
        ...rules.map((rule) => bindRule(rule, slot)),
        ...limits.map((limit) => bindLimit(limit, slot)),
        bindThresholds(thresholds, slot),
        judgeUnscored(spec.unscored),
        ...degraded.map((each, i) => bindDegraded(each, slot, i)),
        judgeLate(spec.late),
      ]
      const softeners = [softenSnoozed, softenAllowed]
      const conclude = createConclude({
        riskLevels: spec.riskLevels,
        chooseStepUp: stepUp.bind(slot),
        chooseNotices: bindNotices(slot),
      })
      const groundsOf = groundsBy(judges, createRelease(spec.attemptHolds, slot))
      return { judge: judgeWith({ groundsOf, softeners, conclude }), conclude, groundsOf }
    },
  }
}
