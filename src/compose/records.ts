import type { Audit, AttestationSeen, DeviceSeen } from '../domain/audit.ts'
import type { ModelOpinion } from '../domain/decision.ts'
import type { DeviceState } from '../domain/deviceHealth.ts'
import { createAuditCodec } from '../stream/codec/audit.ts'
import type { Schemas } from '../stream/codec/schemas.ts'
import type { Settled } from '../stream/flow.ts'

/**
 * Everything that made the decision: enough to decide again. A decision from before a swap, given again to a payment
 * that was delivered again, was made from a row that nobody has any more: it goes without one rather than with another.
 */
export const auditOf = (
  { assessed, assessedBy, decided }: Settled,
  otherModels: readonly ModelOpinion[],
): Audit => {
  const isOwn = decided.decision.bundleHash === assessedBy
  const { device, intelHits } = assessed.seen
  return {
    payment: assessed.payment,
    sourcePartition: assessed.source.partition,
    sourceOffset: assessed.source.offset,
    sourceTimestamp: assessed.source.timestamp,
    effectiveAt: assessed.effectiveAt,
    features: isOwn ? Array.from(assessed.features) : [],
    degraded: assessed.degraded,
    decision: decided.decision,
    otherModels: isOwn ? otherModels : [],
    device: isOwn && device !== null ? deviceSeen(device) : null,
    intelHits: isOwn ? intelHits : [],
    listed: isOwn ? assessed.listed : [],
    redelivered: decided.redelivered,
  }
}

const deviceSeen = (state: DeviceState): DeviceSeen => ({
  observedAt: state.observedAt,
  platform: state.platform,
  osVersion: state.osVersion,
  patchLevel: state.patchLevel,
  appVersion: state.appVersion,
  readings: state.readings,
  attestation: state.attestation === undefined ? null : attestationSeen(state.attestation),
})

const attestationSeen = (record: NonNullable<DeviceState['attestation']>): AttestationSeen => ({
  verifiedAt: record.verified?.at ?? null,
  verifiedUntil: record.verified?.expiresAt ?? null,
  expiredAt: record.expiredAt,
  failedAt: record.failedAt,
  replayedAt: record.replayedAt,
})

export const encodeAuditOf = (
  schemas: Schemas,
): ((settled: Settled, otherModels: readonly ModelOpinion[]) => Buffer) => {
  const codec = createAuditCodec(schemas)
  return (settled, otherModels) => codec.encode(auditOf(settled, otherModels))
}
