import type { ControlGroupSpec } from './guardSchema.ts'
import { slotOf, type FeatureIndex } from './facts.ts'
import type { Ground, Softened } from './ground.ts'
import type { Guard } from './guard.ts'
import { strictestOf } from './strictest.ts'

/** What the amount is read from: in the base currency, whatever the payment's. */
export const controlGroupFeatures = ['payment.amount'] as const

/** Only what a rule or the model says may be learned from so: not lists, limits, or what could not be judged. */
const mayPass = ({ outcome, origin, isFinal }: Ground): boolean =>
  outcome === 'ALLOW' || (!isFinal && (origin.part === 'rule' || origin.part === 'threshold'))

/** The payment passes, whatever stands against it, and its decision says why. */
export const letThrough = (grounds: readonly Ground[]): Softened => ({
  grounds: grounds.filter(({ outcome }) => outcome === 'ALLOW'),
  exceptions: [{ name: 'control_group', overrules: strictestOf(grounds) }],
})

/**
 * Lets a share of the payments through that would be stopped. An amount that is not known is too large.
 * @param takes whether a payment belongs to the share, by a keyed hash of its id
 */
export const createControlGroup = (
  { maxAmount }: ControlGroupSpec,
  slot: FeatureIndex,
  takes: (paymentId: string) => boolean,
): Guard => {
  const amountAt = slotOf(slot, 'payment.amount')
  return ({ payment, features }, grounds) => {
    const amount = features[amountAt] ?? NaN
    if (!(amount <= maxAmount) || !grounds.every(mayPass) || !takes(payment.paymentId)) return null
    return letThrough(grounds)
  }
}
