import { type Explained, withReasons } from '../decision/reasons.ts'
import type { Assessed, Enriched, FeatureRow, Scored } from '../domain/decision.ts'
import { isAtLeast } from '../domain/outcome.ts'
import { lackingModel } from '../features/degraded.ts'
import type { Takes } from '../model/canary.ts'
import type { Explanation } from '../model/explain.ts'
import type { Scorer } from '../model/scorer.ts'

/** A challenger that decides the payments of some accounts. */
export type Canary = { readonly scorer: Scorer; readonly takes: Takes }

export type DecidersDeps = {
  readonly champion: Scorer
  readonly canary: Canary | null
  readonly observeModelScore: (seconds: number) => void
  /** The model could not be called: what it was to score has no probability. */
  readonly onModelFailure: (error: unknown) => void
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
}

/** The models that decide: the champion, and a canary for its accounts. */
export type Deciders = {
  readonly score: (enriched: readonly Enriched[]) => readonly Scored[]
  /** Adds the reasons of the model that decided to what is not allowed; a late payment goes without. */
  readonly explain: (assessed: readonly Assessed[]) => readonly Assessed[]
}

export const createDeciders = (deps: DecidersDeps): Deciders => {
  const { champion, canary } = deps

  /** A model that throws is a model that cannot score: its payments must not come again and again for that. */
  const orElse = <T>(call: () => T, without: () => T): T => {
    try {
      return call()
    } catch (error) {
      deps.onModelFailure(error)
      return without()
    }
  }

  const scoreRows = (scorer: Scorer, rows: readonly FeatureRow[]): Float64Array => {
    const startedAt = deps.monotonic()
    const probabilities = orElse(
      () => scorer.score(rows),
      () => new Float64Array(rows.length).fill(NaN),
    )
    deps.observeModelScore((deps.monotonic() - startedAt) / 1000)
    return probabilities
  }

  const scoreBy = (scorer: Scorer, enriched: readonly Enriched[]): readonly Scored[] => {
    if (enriched.length === 0) return []
    const probabilities = scoreRows(
      scorer,
      enriched.map((each) => each.features),
    )
    return enriched.map((each, i) => withProbability(each, probabilities[i] ?? NaN, scorer.model))
  }

  /** A payment that the canary cannot score is the champion's, as if the canary were not there. */
  const scoreByBoth = ({ scorer, takes }: Canary, enriched: readonly Enriched[]): readonly Scored[] => {
    const scored = new Map<FeatureRow, Scored>()
    const isOpen = ({ features }: Enriched): boolean => Number.isNaN(scored.get(features)?.probability ?? NaN)
    const taken = enriched.filter(({ payment }) => takes(payment.accountId))
    for (const each of scoreBy(scorer, taken)) scored.set(each.features, each)
    for (const each of scoreBy(champion, enriched.filter(isOpen))) scored.set(each.features, each)
    return enriched.flatMap(({ features }) => scored.get(features) ?? [])
  }

  const explainBy = (
    scorer: Scorer,
    assessed: readonly Assessed[],
  ): readonly (readonly [Assessed, Assessed])[] => {
    if (assessed.length === 0) return []
    const explanations = orElse<readonly Explanation[]>(
      () => scorer.explain(assessed.map((each) => each.features)),
      () => [],
    )
    return explanations.flatMap((explanation, i) => {
      const each = assessed[i]
      return each === undefined
        ? []
        : [[each, withReasons(each, explainedBy(scorer.reasonCodes, explanation))]]
    })
  }

  const scorers = canary === null ? [champion] : [champion, canary.scorer]
  return {
    score: (enriched) => (canary === null ? scoreBy(champion, enriched) : scoreByBoth(canary, enriched)),
    explain: (assessed) => {
      const chosen = assessed.filter(({ outcome, late }) => isAtLeast(outcome, 'STEP_UP') && !late)
      if (chosen.length === 0) return assessed
      const explained = new Map(
        scorers.flatMap((scorer) =>
          explainBy(
            scorer,
            chosen.filter(({ model }) => model === scorer.model),
          ),
        ),
      )
      return assessed.map((each) => explained.get(each) ?? each)
    },
  }
}

const explainedBy = (codes: readonly string[], { logOdds, contributions }: Explanation): Explained => ({
  logOdds,
  contributions: codes.map((code, i) => ({ code, contribution: contributions[i] ?? null })),
})

/** Field by field: a spread of a spread makes a slow object (see decision/assess.ts). */
export const withProbability = (enriched: Enriched, probability: number, model: string | null): Scored => ({
  payment: enriched.payment,
  source: enriched.source,
  effectiveAt: enriched.effectiveAt,
  contentHash: enriched.contentHash,
  enteredAt: enriched.enteredAt,
  features: enriched.features,
  degraded: lackingModel(enriched.degraded, !Number.isNaN(probability)),
  late: enriched.late,
  protection: enriched.protection,
  seen: enriched.seen,
  listed: enriched.listed,
  probability,
  model,
})
