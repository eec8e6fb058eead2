import type { Decision, ModelOpinion } from './decision.ts'
import type { DeviceState } from './deviceHealth.ts'
import type { ListEntry } from './listEntry.ts'
import type { Payment } from './payment.ts'
import type { IntelHit } from './seen.ts'

/** The newest finding of each kind about a device's attestation, epoch ms; null: none was. */
export type AttestationSeen = {
  readonly verifiedAt: number | null
  /** Until when the verified one holds. */
  readonly verifiedUntil: number | null
  readonly expiredAt: number | null
  readonly failedAt: number | null
  readonly replayedAt: number | null
}

/** A device's state as a payment met it; the device is the payment's `deviceId`. */
export type DeviceSeen = Omit<DeviceState, 'deviceId' | 'attestation'> & {
  readonly attestation: AttestationSeen | null
}

/** Everything that made one decision: enough to decide again. */
export type Audit = {
  readonly payment: Payment
  readonly sourcePartition: number
  readonly sourceOffset: number
  readonly sourceTimestamp: number
  readonly effectiveAt: number
  /** By place; the bundle's account on the topic `bundles` names the places. Empty: nobody has the row any more. */
  readonly features: readonly number[]
  readonly degraded: readonly string[]
  readonly decision: Decision
  readonly otherModels: readonly ModelOpinion[]
  /** null: not named, never reported, or not known at the time (then the level of protection is UNKNOWN). */
  readonly device: DeviceSeen | null
  readonly intelHits: readonly IntelHit[]
  /** The entries of the policy's lists that acted on the payment. */
  readonly listed: readonly ListEntry[]
  /**
   * The record came again after its decision was made: the decision is the one from then, while features, device and
   * hits are those of this time, which may be others where something was away at either.
   */
  readonly redelivered: boolean
}
