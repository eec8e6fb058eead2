import { isAtLeast, type Outcome } from '../domain/outcome.ts'
import type { Condition } from './condition.ts'
import { refuse } from './invalid.ts'

type Demand = { readonly outcome: Outcome; readonly onUnknown?: Outcome | undefined }

/**
 * What a rule or a limit gives where it is not known whether it applies.
 * @param usual the policy's own
 * @throws SluiceError POLICY_INVALID where it would be softened by what another rule needs: a condition that names
 * `degraded` is settled the sooner, the more is degraded
 */
export const onUnknownOf = (
  demand: Demand,
  usual: Outcome,
  { namesDegraded }: Pick<Condition, 'namesDegraded'>,
  place: string,
): Outcome => {
  const onUnknown = demand.onUnknown ?? usual
  if (namesDegraded && !isAtLeast(demand.outcome, onUnknown))
    refuse(
      place,
      `a condition that names degraded takes an onUnknown of at most its outcome, ${demand.outcome}, got ${onUnknown}`,
    )
  return onUnknown
}
