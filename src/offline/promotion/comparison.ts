import type { Audit } from '../../domain/audit.ts'
import { outcomes, type Outcome } from '../../domain/outcome.ts'

/** What a model said of a payment, whether it decided or not. */
type Said = { readonly probability: number; readonly outcome: Outcome; readonly micros: number }

/**
 * Payments of which both models said something, as columns. NaN: the model could not score; a label that is not known
 * is NaN too.
 */
export type Comparison = {
  readonly base: string
  readonly model: string
  readonly baseProbabilities: number[]
  readonly probabilities: number[]
  /** Places in `outcomes`. */
  readonly baseOutcomes: number[]
  readonly outcomes: number[]
  /** Microseconds of the model calls that the payments were in. */
  readonly baseMicros: number[]
  readonly micros: number[]
  /** 1 fraud, 0 genuine, NaN not known. */
  readonly labels: number[]
  /** Payments that the model decided, as a canary. */
  decided: number
}

const saidOf = ({ decision, otherModels }: Audit): ReadonlyMap<string, Said> => {
  const said = new Map<string, Said>()
  if (decision.model !== null)
    said.set(decision.model, {
      probability: decision.probability ?? NaN,
      outcome: decision.outcome,
      micros: decision.stageMicros.score,
    })
  for (const { model, probability, outcome, scoreMicros } of otherModels)
    said.set(model, { probability: probability ?? NaN, outcome, micros: scoreMicros })
  return said
}

const place = (outcome: Outcome): number => outcomes.indexOf(outcome)

export type Comparisons = {
  /** @param label 1 fraud, 0 genuine, NaN not known */
  readonly add: (audit: Audit, label: number) => void
  readonly all: () => readonly Comparison[]
}

/** Compares each model that audit records name with one of them. @param base `<id>/<version>` */
export const createComparisons = (base: string): Comparisons => {
  const comparisons = new Map<string, Comparison>()
  const of = (model: string): Comparison => {
    const known = comparisons.get(model)
    if (known !== undefined) return known
    const made: Comparison = {
      base,
      model,
      baseProbabilities: [],
      probabilities: [],
      baseOutcomes: [],
      outcomes: [],
      baseMicros: [],
      micros: [],
      labels: [],
      decided: 0,
    }
    comparisons.set(model, made)
    return made
  }

  return {
    add: (audit, label) => {
      const said = saidOf(audit)
      const ours = said.get(base)
      if (ours === undefined) return
      for (const [model, theirs] of said) {
        if (model === base) continue
        const into = of(model)
        into.baseProbabilities.push(ours.probability)
        into.probabilities.push(theirs.probability)
        into.baseOutcomes.push(place(ours.outcome))
        into.outcomes.push(place(theirs.outcome))
        into.baseMicros.push(ours.micros)
        into.micros.push(theirs.micros)
        into.labels.push(label)
        if (audit.decision.model === model) into.decided++
      }
    },
    all: () => [...comparisons.values()],
  }
}
