import type { Audit } from '../../domain/decision.ts'
import { list, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import { checkDecision } from './decision.ts'
import { checkPayment } from './payment.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const longestFeatures = 10_000

const checkAudit: Check<Audit> = record<Audit>({
  payment: checkPayment,
  sourcePartition: value.integer(0, 0x7fffffff),
  sourceOffset: value.integer(0, Number.MAX_SAFE_INTEGER),
  sourceTimestamp: value.integer(-1, Number.MAX_SAFE_INTEGER),
  effectiveAt: value.moment,
  features: list(value.number, longestFeatures),
  degraded: list(value.id, longestFeatures),
  decision: checkDecision,
})

/** In `features` NaN is "not known". */
export const createAuditCodec = (schemas: Schemas): Codec<Audit> =>
  createCodec(schemas, { record: 'Audit', version: 1 }, checkAudit)
