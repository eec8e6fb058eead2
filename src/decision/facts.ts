import type { FeatureRow } from '../domain/decision.ts'
import type { ListEntry } from '../domain/listEntry.ts'
import type { Payment } from '../domain/payment.ts'
import type { Protection } from '../domain/protection.ts'

/** The parts of a payment that a policy may name; null or NaN: not known. */
export type PaymentFacts = {
  readonly [Field in 'currency' | 'channel' | 'method' | 'country' | 'mcc']: Payment[Field] | null
} & { readonly amountMinor: number; readonly deviceId: string | null }

/** All that a condition can see of a payment. A scored payment is one. */
export type Facts = {
  readonly payment: PaymentFacts
  readonly features: FeatureRow
  readonly probability: number
  readonly degraded: readonly string[]
  readonly late: boolean
  readonly protection: Pick<Protection, 'level'>
  /** The list entries that act on the payment. */
  readonly listed: readonly ListEntry[]
  /** Epoch milliseconds. */
  readonly effectiveAt: number
}

export const textFields = ['currency', 'channel', 'method', 'country', 'mcc'] as const
export type TextField = (typeof textFields)[number]
export const isTextField = (name: string): name is TextField => textFields.some((field) => field === name)

/** Where each feature stands in a row. */
export type FeatureIndex = ReadonlyMap<string, number>

/** @throws RangeError when a bundle's rows were not built for this policy: a fault of ours, not of the policy */
export const slotOf = (slot: FeatureIndex, name: string): number => {
  const at = slot.get(name)
  if (at === undefined) throw new RangeError(`the rows of this bundle have no feature ${name}`)
  return at
}
