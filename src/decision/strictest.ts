import { stricter, type Outcome } from '../domain/outcome.ts'
import type { Ground } from './ground.ts'

/** The strictest that any of them gives. */
export const strictestOf = (grounds: readonly Ground[]): Outcome => {
  let outcome: Outcome = 'ALLOW'
  for (const ground of grounds) outcome = stricter(outcome, ground.outcome)
  return outcome
}
