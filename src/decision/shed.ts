import type { Assessed } from '../domain/decision.ts'
import { isAtLeast } from '../domain/outcome.ts'
import { sheddable, type Sheddable, type ShedLevel } from '../domain/shedding.ts'

/** What a bundle could leave out. */
export type Sheds = {
  readonly hasChallengers: boolean
  readonly hasOptionalFeatures: boolean
}

/**
 * Names in each payment what is left out of it, by the level or because it is late: not what it would not have had
 * anyway. What is named as left out is not asked for any more.
 * @returns a function that is also told a moment, as `enteredAt` counts: no model in shadow is asked about what entered
 * before it
 */
export const createNameShed = (
  level: ShedLevel,
  { hasChallengers, hasOptionalFeatures }: Sheds,
): ((assessed: Assessed, staleBefore: number) => Assessed) => {
  const reaches = (work: Sheddable): boolean => sheddable.indexOf(work) < level
  const noChallengers = reaches('challengers')
  const noReasons = reaches('reasons')
  const noOptionalFeatures = hasOptionalFeatures && reaches('optional_features')
  return (assessed, staleBefore) => {
    const { outcome, model, late, enteredAt } = assessed
    const shed: Sheddable[] = []
    if (hasChallengers && (noChallengers || late || enteredAt < staleBefore)) shed.push('challengers')
    if (model !== null && isAtLeast(outcome, 'STEP_UP') && (noReasons || late)) shed.push('reasons')
    if (noOptionalFeatures) shed.push('optional_features')
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
