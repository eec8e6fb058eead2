import type { Decision } from '../domain/decision.ts'
import { reasonSetOf, type ReasonSet } from '../domain/reasonSet.ts'

/** What a decision asks the payer to confirm: all reasons that it names. undefined: it asks nothing. */
export const askedFor = ({
  outcome,
  reasons,
}: Pick<Decision, 'outcome' | 'reasons'>): ReasonSet | undefined =>
  outcome === 'STEP_UP' ? reasonSetOf(reasons.map(({ code }) => code)) : undefined
