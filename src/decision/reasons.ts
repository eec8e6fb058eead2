import type { Assessed, Reason } from '../domain/decision.ts'
import { outcomes } from '../domain/outcome.ts'
import type { Ground } from './ground.ts'

/**
 * Strictest first, in the policy's order among equals; each code once.
 * @param overruled what does not count any more and is still to be seen: it comes last
 */
export const reasonsOf = (
  grounds: readonly Ground[],
  overruled: readonly Ground[] = [],
): readonly Reason[] => {
  if (grounds.length === 0 && overruled.length === 0) return none
  const codes = new Set<string>()
  for (const some of [grounds, overruled])
    for (const outcome of strictestFirst)
      for (const ground of some) if (ground.outcome === outcome) codes.add(ground.code)
  return [...codes].map((code) => ({ code, contribution: null }))
}

const none: readonly Reason[] = []
const strictestFirst = outcomes.toReversed()
const modelReasonsAtMost = 5

/** What a model says of how it came to its probability. */
export type Explained = {
  /** NaN where the model could not score. */
  readonly logOdds: number
  /** One for each reason group of the model. */
  readonly contributions: readonly Reason[]
}

const numberOrNull = (value: number): number | null => (Number.isNaN(value) ? null : value)

/** Of all groups, whichever way they speak; null where one is not known. */
const explainedBy = (contributions: readonly Reason[]): number | null =>
  numberOrNull(contributions.reduce((sum, { contribution }) => sum + (contribution ?? NaN), 0))

/**
 * Adds what the model's reason groups contributed to its log-odds: positive shares only, the five largest, after the
 * policy's reasons. A code that is there already keeps its place and gains the share. The log-odds and the part of
 * them that all groups explain are stated beside, so that a reader sees what the reasons leave open.
 */
export const withReasons = (assessed: Assessed, { logOdds, contributions }: Explained): Assessed => {
  const shares = contributions
    .flatMap(({ code, contribution }) =>
      contribution !== null && contribution > 0 ? [{ code, contribution }] : [],
    )
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, modelReasonsAtMost)
  const shareOf = new Map(shares.map(({ code, contribution }) => [code, contribution]))
  const present = new Set(assessed.reasons.map(({ code }) => code))
  return {
    ...assessed,
    logOdds: numberOrNull(logOdds),
    explainedLogOdds: explainedBy(contributions),
    reasons: [
      ...assessed.reasons.map((reason) => ({
        code: reason.code,
        contribution: shareOf.get(reason.code) ?? reason.contribution,
      })),
      ...shares.filter(({ code }) => !present.has(code)),
    ],
  }
}
