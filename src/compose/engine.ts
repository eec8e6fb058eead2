import type { Assessed, Enriched, FeatureRow, Scored } from '../domain/decision.ts'
import type { Assessor } from '../decision/assess.ts'
import { compilePolicy } from '../decision/policy.ts'
import { unfitForModels } from '../decision/reasonCatalogue.ts'
import { type Explained, withReasons } from '../decision/reasons.ts'
import { isAtLeast } from '../domain/outcome.ts'
import { SluiceError } from '../errors.ts'
import { degradedInputs, type Lagging } from '../features/degraded.ts'
import { parseFeatureName } from '../features/names.ts'
import { compileFeatures } from '../features/plan.ts'
import type { Recalled } from '../features/recalled.ts'
import type { Bundle } from '../model/bundle.file.ts'
import type { Explanation } from '../model/explain.ts'
import { createScorer, type Scorer } from '../model/scorer.ts'
import { rowNames } from './rowNames.ts'

/** One bundle made ready: from what is remembered of a payment to what the policy says of it. Pure but for the clock. */
export type Engine = {
  readonly bundleHash: string
  /** `<id>/<version>` of the champion. */
  readonly model: string
  /** What each place of a feature row means. */
  readonly features: readonly string[]
  /** @param lagging what lagged before the recall */
  readonly enrich: (recalled: Recalled, isLate: boolean, lagging: Lagging) => Enriched
  readonly score: (enriched: readonly Enriched[]) => readonly Scored[]
  readonly assess: (scored: Scored) => Assessed
  /** Adds the model's reasons to what is not allowed; a late payment goes without. */
  readonly explain: (assessed: readonly Assessed[]) => readonly Assessed[]
  readonly assessReused: Assessor['assessReused']
  readonly assessInvalid: Assessor['assessInvalid']
  readonly dispose: () => void
}

export type EngineDeps = {
  readonly retentionMs: number
  readonly observeModelScore: (seconds: number) => void
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
}

/** null: the name is a feature; else what is wrong with it. */
const featureProblem = (name: string): string | null => {
  try {
    parseFeatureName(name)
    return null
  } catch (error) {
    if (error instanceof SluiceError) return error.message
    throw error
  }
}

/**
 * Loads, checks and warms everything that a bundle names.
 * @throws SluiceError POLICY_INVALID, MODEL_INVALID, MODEL_UNVERIFIED, BACKEND_UNAVAILABLE or FEATURE_UNKNOWN
 */
export const createEngine = async (bundle: Bundle, deps: EngineDeps): Promise<Engine> => {
  const policy = compilePolicy(bundle.policyText, { isFeature: featureProblem, degradedInputs })
  const features = rowNames(bundle.champion.manifest.features, policy.features)
  const index = new Map(features.map((name, at) => [name, at]))
  const plan = compileFeatures(features, { retentionMs: deps.retentionMs })
  const scorer = await createScorer(bundle.champion, index)
  refuseUnknownReasons(scorer)
  const assessor = policy.bind(index)

  const scoreRows = (rows: readonly FeatureRow[]): Float64Array => {
    const startedAt = deps.monotonic()
    const probabilities = scorer.score(rows)
    deps.observeModelScore((deps.monotonic() - startedAt) / 1000)
    return probabilities
  }

  const explain = (assessed: readonly Assessed[]): readonly Assessed[] => {
    const chosen = assessed.filter(({ outcome, late }) => isAtLeast(outcome, 'STEP_UP') && !late)
    if (chosen.length === 0) return assessed
    const explanations = scorer.explain(chosen.map((each) => each.features))
    const explained = new Map(
      chosen.map((each, i) => [each, withReasons(each, explainedBy(scorer.reasonCodes, explanations[i]))]),
    )
    return assessed.map((each) => explained.get(each) ?? each)
  }

  return {
    bundleHash: bundle.bundleHash,
    model: scorer.model,
    features,
    enrich: (recalled, isLate, lagging) => {
      const row = new Float64Array(features.length)
      const degraded = plan.compute(recalled, row, lagging)
      const { payment, source, effectiveAt, contentHash, enteredAt } = recalled.received
      return { payment, source, effectiveAt, contentHash, enteredAt, features: row, degraded, late: isLate }
    },
    score: (enriched) => {
      if (enriched.length === 0) return []
      const probabilities = scoreRows(enriched.map((each) => each.features))
      return enriched.map((each, i) => withProbability(each, probabilities[i] ?? NaN, scorer.model))
    },
    assess: assessor.assess,
    explain,
    assessReused: assessor.assessReused,
    assessInvalid: assessor.assessInvalid,
    dispose: scorer.dispose,
  }
}

/** A reason that a decision carries has words in the catalogue. */
const refuseUnknownReasons = ({ model, reasonCodes, dispose }: Scorer): void => {
  const unfit = unfitForModels(reasonCodes)
  if (unfit.length === 0) return
  dispose()
  throw new SluiceError(
    'MODEL_INVALID',
    `${model}: expected reason codes of the catalogue that name a finding, found ${unfit.join(', ')}`,
  )
}

const explainedBy = (codes: readonly string[], explanation: Explanation | undefined): Explained => ({
  logOdds: explanation?.logOdds ?? NaN,
  contributions: codes.map((code, i) => ({ code, contribution: explanation?.contributions[i] ?? null })),
})

/** Field by field: a spread of a spread makes a slow object (see decision/assess.ts). */
const withProbability = (enriched: Enriched, probability: number, model: string): Scored => ({
  payment: enriched.payment,
  source: enriched.source,
  effectiveAt: enriched.effectiveAt,
  contentHash: enriched.contentHash,
  enteredAt: enriched.enteredAt,
  features: enriched.features,
  degraded: enriched.degraded,
  late: enriched.late,
  probability,
  model,
})
