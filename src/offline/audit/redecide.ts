import type { Audit } from '../../domain/audit.ts'
import type { Assessed, Enriched, Reason, Scored } from '../../domain/decision.ts'
import { isAtLeast } from '../../domain/outcome.ts'
import { nothingSeen } from '../../domain/seen.ts'
import type { RecordedAssessor } from './recordedGuards.ts'

/** What is compared, in the order in which it was decided. */
export const stages = ['features', 'probability', 'outcome', 'reasons', 'stepUpMethod', 'exceptions'] as const
export type Stage = (typeof stages)[number]

/** Why a decision cannot be made again. */
export type Obstacle = 'NO_FEATURES' | 'BUNDLE_UNKNOWN'

export type Redecided =
  | { readonly kind: 'same'; readonly isScored: boolean }
  | {
      readonly kind: 'differs'
      readonly stage: Stage
      readonly recorded: unknown
      readonly again: unknown
      readonly isScored: boolean
    }
  | { readonly kind: 'undecided'; readonly why: Obstacle }

/** A bundle, made ready to decide again. */
export type Redecider = {
  readonly featureNames: readonly string[]
  readonly assessor: RecordedAssessor
  /** The model that decided; null where its files are gone: then its probability and reasons are taken as recorded. */
  readonly modelOf: (model: string) => {
    /** How far a probability may be from the recorded one: 0 on the engine that is pinned. */
    readonly tolerance: number
    readonly score: (enriched: Enriched) => number
    readonly explain: (assessed: Assessed) => Assessed
  } | null
}

/** A payment as its decision met it. @param tag of the row: the record's own */
export const enrichedOf = (
  audit: Audit,
  features: Float64Array = Float64Array.from(audit.features),
): Enriched => ({
  payment: audit.payment,
  source: {
    topic: '',
    partition: audit.sourcePartition,
    offset: audit.sourceOffset,
    timestamp: audit.sourceTimestamp,
    headers: {},
  },
  effectiveAt: audit.effectiveAt,
  contentHash: audit.decision.contentHash,
  enteredAt: 0,
  features,
  degraded: audit.degraded,
  late: audit.decision.late,
  protection: { level: audit.decision.protectionLevel, reasons: audit.decision.protectionReasons },
  seen: nothingSeen,
  listed: audit.listed,
})

export const scoredOf = (audit: Audit, features?: Float64Array): Scored => ({
  ...enrichedOf(audit, features),
  probability: audit.decision.probability ?? NaN,
  model: audit.decision.model,
})

const isReused = ({ decision }: Audit): boolean =>
  decision.reasons.some(({ code }) => code === 'PAYMENT_ID_REUSED')

const isClose = (a: number | null, b: number | null, tolerance: number): boolean =>
  Object.is(a, b) || (a !== null && b !== null && Math.abs(a - b) <= tolerance)

const byKillSwitch = 'kill_switch'

/**
 * Reasons stand in the order of what each gave. How much an operator demanded is not on record, nor what had softened a
 * payment whose id was then found to be used, nor, beside what softened it, what a kill switch took away to no effect.
 */
const isOrderOnRecord = ({ decision: { reasons, exceptions } }: Audit): boolean =>
  exceptions.length === 0 &&
  !reasons.some(({ code }) => code === 'KILL_SWITCH' || code === 'PAYMENT_ID_REUSED')
const asTheyStand = (reasons: readonly Reason[]): readonly Reason[] => reasons
const byCode = (reasons: readonly Reason[]): readonly Reason[] =>
  reasons.toSorted((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0))

/** Nor is it on record whether a step-up was looked for in vain before the id was found to be used. */
const onRecordOf = (audit: Audit) => {
  const ordered = isOrderOnRecord(audit) ? asTheyStand : byCode
  return isReused(audit)
    ? (reasons: readonly Reason[]) => ordered(reasons.filter(({ code }) => code !== 'NO_SAFE_STEP_UP'))
    : ordered
}

const codesOf = (reasons: readonly Reason[]): readonly string[] => reasons.map(({ code }) => code)

const sameReasons = (a: readonly Reason[], b: readonly Reason[], tolerance: number): boolean =>
  a.length === b.length &&
  a.every(
    ({ code, contribution }, i) => code === b[i]?.code && isClose(contribution, b[i].contribution, tolerance),
  )

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((each, i) => each === b[i])

/** Contributions are differences of log-odds, which move more than probabilities do. */
const contributionTolerance = 1e-4

/**
 * Decides again from what was recorded. A payment whose deadline passed between its assessment and its answer is recorded
 * as late and was assessed as in time: either way of deciding may have made it. Pure.
 */
export const redecide = (audit: Audit, redecider: Redecider | null): Redecided => {
  const again = decideAgain(audit, redecider)
  if (again.kind !== 'differs' || !audit.decision.late) return again
  const inTime = decideAgain({ ...audit, decision: { ...audit.decision, late: false } }, redecider)
  return inTime.kind === 'same' ? inTime : again
}

/**
 * Names the first stage that gives something else. Each stage is given what
 * was recorded of the one before, so that one difference is not told many times. What a kill switch softened may be
 * anything up to what there would be without it, as its order is not on record.
 */
const decideAgain = (audit: Audit, redecider: Redecider | null): Redecided => {
  const { decision } = audit
  if (audit.features.length === 0) return { kind: 'undecided', why: 'NO_FEATURES' }
  if (redecider === null) return { kind: 'undecided', why: 'BUNDLE_UNKNOWN' }
  const model = decision.model === null ? null : redecider.modelOf(decision.model)
  // Where no model was asked, none is missing.
  const isScored = decision.model === null || model !== null
  const differs = (stage: Stage, recorded: unknown, again: unknown): Redecided => ({
    kind: 'differs',
    stage,
    recorded,
    again,
    isScored,
  })

  const { featureNames } = redecider
  if (featureNames.length !== audit.features.length)
    return differs('features', `${audit.features.length} values`, `${featureNames.length} names`)

  const scored = scoredOf(audit)
  if (decision.model === null && decision.probability !== null)
    return differs('probability', decision.probability, null)
  if (model !== null) {
    const found = model.score(scored)
    const probability = Number.isNaN(found) ? null : found
    if (!isClose(probability, decision.probability, model.tolerance))
      return differs('probability', decision.probability, probability)
  }

  const judged = redecider.assessor.assess(scored, decision)
  const isExplained = model !== null && !decision.shed.includes('reasons')
  const explained = isExplained ? model.explain(judged) : judged
  const again = isReused(audit) ? redecider.assessor.assessReused(explained) : explained

  if (decision.exceptions.includes(byKillSwitch)) {
    const others = decision.exceptions.filter((each) => each !== byKillSwitch)
    // What another softened and could not be asked safely is not named where it stands alone.
    if (again.exceptions.length > 0 && !sameTexts(again.exceptions, others))
      return differs('exceptions', others, again.exceptions)
    return isAtLeast(again.outcome, decision.outcome)
      ? { kind: 'same', isScored }
      : differs('exceptions', decision.outcome, again.outcome)
  }
  if (!sameTexts(again.exceptions, decision.exceptions))
    return again.outcome === decision.outcome
      ? differs('exceptions', decision.exceptions, again.exceptions)
      : differs('outcome', decision.outcome, again.outcome)
  if (again.outcome !== decision.outcome) return differs('outcome', decision.outcome, again.outcome)
  if (again.riskLevel !== decision.riskLevel) return differs('outcome', decision.riskLevel, again.riskLevel)
  const recordedReasons = isScored
    ? decision.reasons
    : decision.reasons.filter(
        ({ code, contribution }) => contribution === null || codesOf(again.reasons).includes(code),
      )
  const ordered = onRecordOf(audit)
  const [found, wanted] = [ordered(again.reasons), ordered(recordedReasons)]
  const sound = isExplained
    ? sameReasons(found, wanted, contributionTolerance)
    : sameTexts(codesOf(found), codesOf(wanted))
  if (!sound) return differs('reasons', decision.reasons, again.reasons)
  if (again.stepUpMethod !== decision.stepUpMethod)
    return differs('stepUpMethod', decision.stepUpMethod, again.stepUpMethod)
  return { kind: 'same', isScored }
}
