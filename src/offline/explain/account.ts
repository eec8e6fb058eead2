import { readPolicyText } from '../../decision/policyText.ts'
import { reasonCatalogue } from '../../decision/reasonCatalogue.ts'
import type { Audit } from '../../domain/audit.ts'
import type { Decision } from '../../domain/decision.ts'
import type { KnownBundle } from '../audit/bundleBook.ts'
import { reviewStepUps, type StepUpReview } from './stepUps.ts'

export type ShownFeature = {
  readonly name: string
  /** null: not known. */
  readonly value: number | null
  readonly unit: string
}

export type ShownReason = {
  readonly code: string
  readonly text: string
  /** Log-odds; null: a rule's. */
  readonly contribution: number | null
  readonly features: readonly ShownFeature[]
}

/** One decision with what lay behind it, as far as its record and its bundle are known. */
export type DecisionAccount = {
  readonly decision: Decision
  readonly audit: Audit | null
  readonly model: string | null
  readonly policySha256: string | null
  readonly reasons: readonly ShownReason[]
  readonly features: readonly ShownFeature[]
  readonly stepUps: readonly StepUpReview[]
}

/** By the last part of a name that says what it measures. */
export const unitOf = (name: string): string => {
  if (/\.(since_\w+|report_age|worst_age|age)\b/.test(name)) return 's'
  if (name === 'payment.amount' || /\.(sum|mean|min|max|stddev)\b/.test(name)) return 'minor units'
  return ''
}

const featuresIn = (condition: string): readonly string[] =>
  [...condition.matchAll(/\bf\(\s*["']([^"']+)["']\s*\)/g)].flatMap(([, name]) => name ?? [])

/** @param known null: nobody knows the bundle, so places have no names */
export const accountFor = (
  decision: Decision,
  audit: Audit | null,
  known: KnownBundle | null,
): DecisionAccount => {
  const names = known?.account.featureNames ?? []
  const row = new Map(names.map((name, at) => [name, audit?.features[at] ?? NaN]))
  const shown = (name: string): ShownFeature => {
    const value = row.get(name) ?? NaN
    return { name, value: Number.isNaN(value) ? null : value, unit: unitOf(name) }
  }
  const policy = known === null ? null : readPolicyText(known.account.policyText).spec

  const behind = (code: string, isModel: boolean): readonly string[] =>
    isModel
      ? (known?.account.reasonGroups ?? [])
          .filter((group) => group.code === code && group.model === decision.model)
          .flatMap((group) =>
            group.features
              .filter(({ name, usual }) => !Object.is(row.get(name), usual))
              .map(({ name }) => name),
          )
      : (policy?.rules ?? []).filter(({ reason }) => reason === code).flatMap(({ when }) => featuresIn(when))

  const reasons = decision.reasons.map(({ code, contribution }) => ({
    code,
    contribution,
    text: reasonCatalogue[code]?.operatorEn ?? '',
    features: [...new Set(behind(code, contribution !== null))].map(shown),
  }))
  return {
    decision,
    audit,
    model: decision.model,
    policySha256: known?.active.policy.sha256 ?? null,
    reasons,
    features: audit === null ? [] : names.map(shown),
    stepUps:
      policy === null || audit === null || audit.features.length === 0 || decision.outcome === 'ALLOW'
        ? []
        : reviewStepUps(policy, (name) => row.get(name) ?? NaN),
  }
}
