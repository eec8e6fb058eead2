import { flawed, type Flawed } from './opened.ts'

export type AgeLimits = {
  /** The oldest that an attestation may be when its report arrives. */
  readonly maxAgeMs: number
  /** How far an attester's clock may be ahead of Kafka's. */
  readonly toleranceMs: number
}

/** null: young enough. */
export const ageFlaw = (
  issuedAt: number,
  arrivedAt: number,
  { maxAgeMs, toleranceMs }: AgeLimits,
): Flawed | null => {
  if (issuedAt > arrivedAt + toleranceMs) return flawed('FROM_THE_FUTURE')
  return issuedAt < arrivedAt - maxAgeMs ? flawed('TOO_OLD') : null
}
