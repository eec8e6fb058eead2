import type { AttestationRecord, DeviceState, Evidence } from '../domain/deviceHealth.ts'

type Verified = AttestationRecord['verified']

const none: AttestationRecord = { verified: null, expiredAt: null, failedAt: null, replayedAt: null }

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

const laterVerified = (a: Verified, b: Verified): Verified => {
  if (a === null || b === null) return a ?? b
  return (a.at - b.at || a.expiresAt - b.expiresAt) >= 0 ? a : b
}

/** Associative, commutative, idempotent. */
export const mergeAttestations = (
  a: AttestationRecord | undefined,
  b: AttestationRecord | undefined,
): AttestationRecord | undefined => {
  if (a === undefined || b === undefined) return a ?? b
  return {
    verified: laterVerified(a.verified, b.verified),
    expiredAt: later(a.expiredAt, b.expiredAt),
    failedAt: later(a.failedAt, b.failedAt),
    replayedAt: later(a.replayedAt, b.replayedAt),
  }
}

export const recordOfEvidence = ({ finding, at, expiresAt }: Evidence): AttestationRecord => {
  switch (finding) {
    case 'VERIFIED':
      return { ...none, verified: { at, expiresAt } }
    case 'EXPIRED':
      return { ...none, expiredAt: at }
    case 'FAILED':
      return { ...none, failedAt: at }
    case 'REPLAYED':
      return { ...none, replayedAt: at }
  }
}

/** The four findings at one time, as far as nothing that was verified later takes them back. */
export type AttestationStanding = {
  readonly missing: boolean
  readonly expired: boolean
  readonly failed: boolean
  readonly replayed: boolean
}

/** A reading that the sender of the report has verified itself counts as verified here. */
const verifiedOf = ({ attestation, readings }: DeviceState): Verified => {
  let verified = attestation?.verified ?? null
  for (const { attested, observedAt, expiresAt } of readings)
    if (attested) verified = laterVerified(verified, { at: observedAt, expiresAt })
  return verified
}

/** At the same instant the more worrying counts. */
const isNotBefore = (at: number | null, verified: Verified): boolean =>
  at !== null && (verified === null || at >= verified.at)

export const standingOf = (state: DeviceState, at: number): AttestationStanding => {
  const { expiredAt, failedAt, replayedAt } = state.attestation ?? none
  const verified = verifiedOf(state)
  const expired = isNotBefore(expiredAt, verified) || (verified !== null && verified.expiresAt <= at)
  const failed = isNotBefore(failedAt, verified)
  const replayed = isNotBefore(replayedAt, verified)
  return { missing: verified === null && !expired && !failed && !replayed, expired, failed, replayed }
}
