import type { AttestationSeen, Audit, DeviceSeen } from '../../domain/audit.ts'
import type { ModelOpinion } from '../../domain/decision.ts'
import { intelSubjects, tlps } from '../../domain/intelligence.ts'
import type { IntelHit } from '../../domain/seen.ts'
import { outcomes } from '../../domain/outcome.ts'
import { list, nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import { checkDecision } from './decision.ts'
import { deviceChecks } from './deviceHealth.ts'
import { checkListEntry } from './listEntry.ts'
import { checkPayment } from './payment.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const checkAttestation: Check<AttestationSeen> = record<AttestationSeen>({
  verifiedAt: nullable(value.moment),
  verifiedUntil: nullable(value.moment),
  expiredAt: nullable(value.moment),
  failedAt: nullable(value.moment),
  replayedAt: nullable(value.moment),
})

const checkDevice: Check<DeviceSeen> = record<DeviceSeen>({
  ...deviceChecks,
  attestation: nullable(checkAttestation),
})

const longestSource = 200
/** Feeds choose the time of an indicator's version: any that is a time. */
const furthestMs = 8.64e15

const checkHit: Check<IntelHit> = record<IntelHit>({
  subject: value.symbol(intelSubjects),
  indicatorId: value.id,
  source: value.text(longestSource),
  confidence: nullable(value.between(0, 100)),
  modifiedAt: value.integer(-furthestMs, furthestMs),
  tlp: value.symbol(tlps),
})

const longestFeatures = 10_000
const mostModels = 100
const mostListed = 10_000

const checkOpinion: Check<ModelOpinion> = record<ModelOpinion>({
  model: value.id,
  probability: nullable(value.between(0, 1)),
  outcome: value.symbol(outcomes),
  scoreMicros: value.between(0, Number.MAX_SAFE_INTEGER),
})

const checkAudit: Check<Audit> = record<Audit>({
  payment: checkPayment,
  sourcePartition: value.integer(0, 0x7fffffff),
  sourceOffset: value.integer(0, Number.MAX_SAFE_INTEGER),
  sourceTimestamp: value.integer(-1, Number.MAX_SAFE_INTEGER),
  effectiveAt: value.moment,
  features: list(value.number, longestFeatures),
  degraded: list(value.id, longestFeatures),
  decision: checkDecision,
  otherModels: list(checkOpinion, mostModels),
  device: nullable(checkDevice),
  intelHits: list(checkHit, intelSubjects.length),
  listed: list(checkListEntry, mostListed),
  redelivered: value.flag,
})

/** In `features` NaN is "not known". */
export const createAuditCodec = (schemas: Schemas): Codec<Audit> =>
  createCodec(schemas, { record: 'Audit', version: 4 }, checkAudit)
