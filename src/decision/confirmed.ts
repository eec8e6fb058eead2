import { holdsReason } from '../domain/reasonSet.ts'
import { slotOf, type Facts, type FeatureIndex } from './facts.ts'
import type { PolicyText } from './policyText.ts'
import type { Ground } from './ground.ts'

/** What passed step-ups for the same thing have settled, within so long. */
export const confirmedFeature = (askAgainAfter: string): string =>
  `account.confirmed_reasons.${askAgainAfter}`

/** What earlier attempts of the same payment have settled. */
export const attemptFeature = (holds: string): string => `account.attempt_confirmed_reasons.${holds}`

/** Where the set stands that releases a ground; none where the policy asks each time. */
export const confirmedSlot = (askAgainAfter: string | undefined, slot: FeatureIndex): number | undefined =>
  askAgainAfter === undefined ? undefined : slotOf(slot, confirmedFeature(askAgainAfter))

/** Every set of confirmed reasons that the policy looks at. */
export const compileConfirmed = (
  { spec, place }: PolicyText,
  checkFeature: (place: string, name: string) => void,
): readonly string[] => {
  const named = (['rules', 'thresholds'] as const).flatMap((part) =>
    spec[part].flatMap(({ askAgainAfter }, i) =>
      askAgainAfter === undefined
        ? []
        : [{ at: place(part, i, 'askAgainAfter'), name: confirmedFeature(askAgainAfter) }],
    ),
  )
  const all = [{ at: place('attemptHolds'), name: attemptFeature(spec.attemptHolds) }, ...named]
  for (const { at, name } of all) checkFeature(at, name)
  return all.map(({ name }) => name)
}

const settled = ({ origin, isFinal }: Ground): Ground => ({
  code: 'STEP_UP_CONFIRMED',
  outcome: 'ALLOW',
  origin,
  isFinal,
})

/**
 * A ground to step up becomes one that allows where the payer has confirmed that very reason. Each ground is judged by
 * itself, so another one, of another rule, can only add to the outcome; one that blocks is never released.
 */
export const createRelease = (attemptHolds: string, slot: FeatureIndex) => {
  const attempts = slotOf(slot, attemptFeature(attemptHolds))
  return (ground: Ground, { features }: Pick<Facts, 'features'>): Ground => {
    if (ground.outcome !== 'STEP_UP') return ground
    const { code, confirmedAt } = ground
    if (holdsReason(features[attempts] ?? NaN, code)) return settled(ground)
    return confirmedAt !== undefined && holdsReason(features[confirmedAt] ?? NaN, code)
      ? settled(ground)
      : ground
  }
}
