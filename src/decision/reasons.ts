import type { Assessed, Reason } from '../domain/decision.ts'
import { outcomes, type Outcome } from '../domain/outcome.ts'

/** A reason with what it alone would have given. */
export type Ground = { readonly code: string; readonly outcome: Outcome }

/** Strictest first, in the policy's order among equals; each code once. */
export const reasonsOf = (grounds: readonly Ground[]): readonly Reason[] => {
  if (grounds.length === 0) return none
  const codes = new Set<string>()
  for (const outcome of strictestFirst)
    for (const ground of grounds) if (ground.outcome === outcome) codes.add(ground.code)
  return [...codes].map((code) => ({ code, contribution: null }))
}

const none: readonly Reason[] = []
const strictestFirst = outcomes.toReversed()
const modelReasonsAtMost = 5

/**
 * Adds what the model's reason groups contributed to its log-odds: positive shares only, the five largest, after the
 * policy's reasons. A code that is there already keeps its place and gains the share.
 */
export const withReasons = (assessed: Assessed, contributions: readonly Reason[]): Assessed => {
  const shares = contributions
    .flatMap(({ code, contribution }) =>
      contribution !== null && contribution > 0 ? [{ code, contribution }] : [],
    )
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, modelReasonsAtMost)
  if (shares.length === 0) return assessed
  const shareOf = new Map(shares.map(({ code, contribution }) => [code, contribution]))
  const present = new Set(assessed.reasons.map(({ code }) => code))
  return {
    ...assessed,
    reasons: [
      ...assessed.reasons.map((reason) => ({
        code: reason.code,
        contribution: shareOf.get(reason.code) ?? reason.contribution,
      })),
      ...shares.filter(({ code }) => !present.has(code)),
    ],
  }
}
