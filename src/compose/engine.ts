import type { Assessed, Enriched, Scored } from '../domain/decision.ts'
import type { BundleAccount } from '../domain/bundleAccount.ts'
import type { Intelligence } from '../domain/intelligence.ts'
import type { Assessor } from '../decision/assess.ts'
import { createFindListed } from '../decision/lists/findListed.ts'
import type { ListIndex } from '../decision/lists/listIndex.ts'
import { compilePolicy, type Policy } from '../decision/policy.ts'
import { withoutLists, type Lagging } from '../features/degraded.ts'
import { compileIntelHits } from '../features/intelHits.ts'
import { compileLean } from '../features/leanPlan.ts'
import { compileFeatures, type FeaturePlan } from '../features/plan.ts'
import { protectionSeen } from '../features/protectionSeen.ts'
import type { SystemKnowledge } from '../features/vulnerabilityFeatures.ts'
import type { Recalled } from '../features/recalled.ts'
import type { Bundle } from '../model/bundle.file.ts'
import type { Drift } from '../model/drift.ts'
import type { OpenScorer } from '../model/openScorer.ts'
import type { SecondOpinions } from '../stream/flow.ts'
import { createScorer } from '../model/scorer.ts'
import { accountOf } from './bundleAccount.ts'
import { type Challenging, noChallengers, openChallengers, requireReasons } from './challengers.ts'
import { createDeciders } from './deciders.ts'
import { createDriftWatch, noDriftWatch } from './driftWatch.ts'
import { createGuards, type GuardDeps } from './guards.ts'
import { guardDeciding } from './guardDeciding.ts'
import { policyDeps } from './policyDeps.ts'
import { type ScoredOn, scoredOnOf } from './scoredOn.ts'
import { neededNames, rowNames } from './rowNames.ts'
import { createSecondOpinions } from './secondOpinions.ts'

/** One bundle made ready: from what is remembered of a payment to what the policy says of it. Pure but for the clock. */
export type Engine = {
  readonly bundleHash: string
  /** `<id>/<version>` of the champion. */
  readonly model: string
  /** The engine that each model of the bundle scores on. */
  readonly scoredOn: readonly ScoredOn[]
  /** What each place of a feature row means. */
  readonly features: readonly string[]
  /** For whoever reads the audit records of this bundle. */
  readonly account: BundleAccount
  /** @param lagging what lagged before the recall */
  readonly enrich: (recalled: Recalled, isLate: boolean, lagging: Lagging) => Enriched
  /** The same without the features that no model needs and no rule names; null where there are none. */
  readonly enrichLean: Engine['enrich'] | null
  readonly score: (enriched: readonly Enriched[]) => readonly Scored[]
  readonly assess: (scored: Scored) => Assessed
  /** Adds the model's reasons to what is not allowed; a late payment goes without. */
  readonly explain: (assessed: readonly Assessed[]) => readonly Assessed[]
  readonly assessReused: Assessor['assessReused']
  readonly assessInvalid: Assessor['assessInvalid']
  /** What the models that did not decide would have said; null where there is none. */
  readonly secondOpinions: SecondOpinions | null
  /** Takes note of decided payments, for drift. */
  readonly note: (assessed: readonly Assessed[]) => void
  /** Breakers that are open, as `rule:<id>` or `model:<id>/<version>`; for a timer. */
  readonly openBreakers: () => readonly string[]
  /** For a timer; empty where the champion has no baseline. */
  readonly drift: () => readonly Drift[]
  readonly dispose: () => void
}

export type EngineDeps = {
  readonly retentionMs: number
  /** Without it nothing of intelligence is known. */
  readonly intelligence?: Intelligence
  /** Without it what is about holes in devices' systems is not known. */
  readonly systems?: SystemKnowledge
  /** The lists that are kept beside the policy; without them only its own entries act. */
  readonly lists?: Pick<ListIndex, 'visit' | 'size'>
  readonly observeModelScore: (seconds: number) => void
  /** The model could not be called: what it was to score has no probability. */
  readonly onModelFailure?: (error: unknown) => void
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
  /** Loads and warms a model; in this thread on its pinned engine by default. */
  readonly openScorer?: OpenScorer
  /** Without it the champion is alone. */
  readonly challenging?: Challenging
  /** Without it the policy decides alone: no breaker, no kill switch, no control group. */
  readonly guarding?: GuardDeps
  /** The window over which drift is measured; without it drift is not watched. */
  readonly driftWindowMs?: number
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
  const features = rowNames(bundle, policy.features)
  const index = new Map(features.map((name, at) => [name, at]))
  const plan = compileFeatures(features, deps)
  const leanPlan = compileLean(features, neededNames(bundle, policy.features), deps)
  const intelHits = compileIntelHits(index, deps.intelligence ?? null)
  const { lists } = deps
  const findListed = createFindListed(
    lists === undefined ? [policy.entries] : [policy.entries, lists],
    policy.exceptionsMs,
  )
  const guarding =
    deps.guarding === undefined ? null : createGuards(policy, index, deps.guarding, deps.monotonic)
  const assessor = policy.bind(index, guarding?.guards)
  const openScorer = deps.openScorer ?? createScorer
  const champion = await openScorer(bundle.champion, index)
  const { challenging } = deps
  const challengers = await orDispose(champion, async () => {
    requireReasons(champion)
    return challenging === undefined
      ? noChallengers
      : openChallengers(bundle, champion, index, openScorer, challenging)
  })
  const deciders = createDeciders({
    champion,
    canary: challengers.canary,
    observeModelScore: deps.observeModelScore,
    onModelFailure: (error) => deps.onModelFailure?.(error),
    monotonic: deps.monotonic,
  })
  const { manifest } = bundle.champion
  const drift =
    deps.driftWindowMs === undefined
      ? noDriftWatch
      : createDriftWatch(manifest, index, deps.driftWindowMs, deps.monotonic)

  return {
    bundleHash: bundle.bundleHash,
    model: champion.model,
    scoredOn: scoredOnOf(bundle, [champion, ...challengers.shadows]),
    features,
    account: accountOf(bundle, features),
    enrich: enrichBy(plan, { intelHits, findListed }),
    enrichLean: leanPlan === null ? null : enrichBy(leanPlan, { intelHits, findListed }),
    ...(guarding === null
      ? { score: deciders.score, assess: assessor.assess, explain: deciders.explain }
      : guardDeciding(guarding, assessor.assess, deciders)),
    assessReused: assessor.assessReused,
    assessInvalid: assessor.assessInvalid,
    secondOpinions:
      challenging === undefined || challengers.shadows.length === 0
        ? null
        : createSecondOpinions({
            models: challengers.shadows,
            // What a model would have said is the policy's answer to it: guards count payments, not opinions.
            assess: policy.bind(index).assess,
            budgetMs: challenging.budgetMs,
            observer: challenging.observer,
            monotonic: deps.monotonic,
          }),
    note: drift.count,
    openBreakers: () => guarding?.openBreakers() ?? [],
    drift: drift.measure,
    dispose: () => {
      challengers.dispose()
      champion.dispose()
    },
  }
}

type Lookups = {
  readonly intelHits: ReturnType<typeof compileIntelHits>
  readonly findListed: ReturnType<typeof createFindListed>
}

const enrichBy =
  (plan: FeaturePlan, { intelHits, findListed }: Lookups): Engine['enrich'] =>
  (recalled, isLate, lagging) => {
    const row = new Float64Array(plan.names.length)
    const degraded = withoutLists(plan.compute(recalled, row, lagging), lagging)
    const { payment, source, effectiveAt, contentHash, enteredAt } = recalled.received
    const protection = protectionSeen(recalled, lagging)
    return {
      payment,
      source,
      effectiveAt,
      contentHash,
      enteredAt,
      features: row,
      degraded,
      late: isLate,
      protection,
      seen: {
        device: recalled.device === 'unknown' ? null : recalled.device,
        intelHits: intelHits(payment, effectiveAt, row),
      },
      listed: findListed(recalled.received),
    }
  }

/** Whatever `make` throws, what is open already is let go. */
const orDispose = async <T>(open: { readonly dispose: () => void }, make: () => Promise<T>): Promise<T> => {
  try {
    return await make()
  } catch (error) {
    open.dispose()
    throw error
  }
}
