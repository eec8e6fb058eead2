import type { Assessed, Scored } from '../domain/decision.ts'
import { type Deciders, withProbability } from './deciders.ts'
import { type BundleGuards, withoutModel } from './guards.ts'

type Deciding = Deciders & { readonly assess: (scored: Scored) => Assessed }

/** Deciding with guards: the breaker sees each payment, and no model is asked while it is switched off. */
export const guardDeciding = (
  { see, isModelOff }: BundleGuards,
  assess: Deciding['assess'],
  { score, explain }: Deciders,
): Deciding => {
  // Asked once for each micro-batch, whose stages from score to explain follow one another without a pause.
  let isOff = false
  return {
    score: (enriched) => {
      isOff = isModelOff()
      return isOff ? enriched.map((each) => withProbability(each, NaN, null)) : score(enriched)
    },
    assess: (scored) => {
      see?.(scored)
      const assessed = assess(scored)
      return isOff ? withoutModel(assessed) : assessed
    },
    explain: (assessed) => (isOff ? assessed : explain(assessed)),
  }
}
