import type { Audit, ModelOpinion } from '../../domain/decision.ts'
import { outcomes } from '../../domain/outcome.ts'
import { list, nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import { checkDecision } from './decision.ts'
import { checkPayment } from './payment.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const longestFeatures = 10_000
const mostModels = 100

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
})

/** In `features` NaN is "not known". */
export const createAuditCodec = (schemas: Schemas): Codec<Audit> =>
  createCodec(schemas, { record: 'Audit', version: 4 }, checkAudit)
