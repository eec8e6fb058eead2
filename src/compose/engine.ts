import type { Assessed, Enriched, FeatureRow, Scored } from '../domain/decision.ts'
import type { Assessor } from '../decision/assess.ts'
import { compilePolicy, type Policy } from '../decision/policy.ts'
import { withReasons } from '../decision/reasons.ts'
import { isAtLeast } from '../domain/outcome.ts'
import type { Lagging } from '../features/degraded.ts'
import { compileFeatures } from '../features/plan.ts'
import type { Recalled } from '../features/recalled.ts'
import type { Bundle, Model } from '../model/bundle.file.ts'
import { createScorer, type Scorer } from '../model/scorer.ts'
import { policyDeps } from './policyDeps.ts'
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
  /** The model could not be called: what it was to score has no probability. */
  readonly onModelFailure?: (error: unknown) => void
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** Loads and warms a model; in this thread on its pinned engine by default. */
  readonly openScorer?: (model: Model, featureIndex: ReadonlyMap<string, number>) => Promise<Scorer>
}

/**
 * Loads, checks and warms everything that a bundle names.
 * @throws SluiceError POLICY_INVALID, MODEL_INVALID, MODEL_UNVERIFIED, BACKEND_UNAVAILABLE or FEATURE_UNKNOWN
 */
export const createEngine = async (
  bundle: Bundle,
  deps: EngineDeps,
  policy: Policy = compilePolicy(bundle.policyText, policyDeps),
): Promise<Engine> => {
  const features = rowNames(bundle.champion.manifest.features, policy.features)
  const index = new Map(features.map((name, at) => [name, at]))
  const plan = compileFeatures(features, { retentionMs: deps.retentionMs })
  const assessor = policy.bind(index)
  const scorer = await (deps.openScorer ?? createScorer)(bundle.champion, index)

  /** A model that throws is a model that cannot score: its payments must not come again and again for that. */
  const orElse = <T>(call: () => T, without: () => T): T => {
    try {
      return call()
    } catch (error) {
      deps.onModelFailure?.(error)
      return without()
    }
  }

  const scoreRows = (rows: readonly FeatureRow[]): Float64Array => {
    const startedAt = deps.monotonic()
    const probabilities = orElse(
      () => scorer.score(rows),
      () => new Float64Array(rows.length).fill(NaN),
    )
    deps.observeModelScore((deps.monotonic() - startedAt) / 1000)
    return probabilities
  }

  const explain = (assessed: readonly Assessed[]): readonly Assessed[] => {
    const chosen = assessed.filter(({ outcome, late }) => isAtLeast(outcome, 'STEP_UP') && !late)
    if (chosen.length === 0) return assessed
    const contributions = orElse<readonly Float64Array[]>(
      () => scorer.explain(chosen.map((each) => each.features)),
      () => [],
    )
    if (contributions.length === 0) return assessed
    const explained = new Map(
      chosen.map((each, i) => [each, withReasons(each, reasonsFrom(scorer.reasonCodes, contributions[i]))]),
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
      return enriched.map((each, i) => withProbability(each, probabilities[i] ?? NaN))
    },
    assess: assessor.assess,
    explain,
    assessReused: assessor.assessReused,
    assessInvalid: assessor.assessInvalid,
    dispose: scorer.dispose,
  }
}

const reasonsFrom = (codes: readonly string[], contributions: Float64Array | undefined) =>
  codes.map((code, i) => ({ code, contribution: contributions?.[i] ?? null }))

/** Field by field: a spread of a spread makes a slow object (see decision/assess.ts). */
const withProbability = (enriched: Enriched, probability: number): Scored => ({
  payment: enriched.payment,
  source: enriched.source,
  effectiveAt: enriched.effectiveAt,
  contentHash: enriched.contentHash,
  enteredAt: enriched.enteredAt,
  features: enriched.features,
  degraded: enriched.degraded,
  late: enriched.late,
  probability,
})
