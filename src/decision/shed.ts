import type { Assessed } from '../domain/decision.ts'
import { isAtLeast } from '../domain/outcome.ts'
import { sheddable, type Sheddable, type ShedLevel } from '../domain/shedding.ts'

/** What a bundle could leave out. */
export type Sheds = {
  readonly hasChallengers: boolean
  readonly hasOptionalFeatures: boolean
}

/** Names in each payment what was left out of it: not what it would not have had anyway. */
export const createNameShed = (
  level: ShedLevel,
  { hasChallengers, hasOptionalFeatures }: Sheds,
): ((assessed: Assessed) => Assessed) => {
  const left = sheddable.slice(0, level)
  const applies: Readonly<Record<Sheddable, boolean>> = {
    challengers: hasChallengers,
    reasons: false,
    optional_features: hasOptionalFeatures,
  }
  const allowed = left.filter((work) => applies[work])
  const stopped = left.filter((work) => work === 'reasons' || applies[work])
  return (assessed) => {
    const shed = isAtLeast(assessed.outcome, 'STEP_UP') ? stopped : allowed
    return shed.length === 0 ? assessed : withShed(assessed, shed)
  }
}

/** Field by field, as in assess.ts: this is for when time is short. */
const withShed = (assessed: Assessed, shed: readonly string[]): Assessed => ({
  payment: assessed.payment,
  source: assessed.source,
  effectiveAt: assessed.effectiveAt,
  contentHash: assessed.contentHash,
  enteredAt: assessed.enteredAt,
  features: assessed.features,
  degraded: assessed.degraded,
  late: assessed.late,
  protection: assessed.protection,
  seen: assessed.seen,
  listed: assessed.listed,
  probability: assessed.probability,
  model: assessed.model,
  outcome: assessed.outcome,
  riskLevel: assessed.riskLevel,
  reasons: assessed.reasons,
  stepUpMethod: assessed.stepUpMethod,
  notices: assessed.notices,
  logOdds: assessed.logOdds,
  explainedLogOdds: assessed.explainedLogOdds,
  judged: assessed.judged,
  exceptions: assessed.exceptions,
  shed,
})
