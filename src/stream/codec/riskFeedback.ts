import { feedbackKinds, type RiskFeedback } from '../../domain/feedback.ts'
import { nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import { createSideDecoder, type SideDecoder, type SideDecoderDeps } from './sideDecoder.ts'
import * as value from './values.ts'

export const checkRiskFeedback: Check<RiskFeedback> = record<RiskFeedback>({
  feedbackId: value.id,
  paymentId: value.id,
  attempt: value.attempt,
  occurredAt: value.moment,
  knownAt: value.moment,
  kind: value.symbol(feedbackKinds),
  source: value.text(128),
  feedbackMac: nullable(value.hexadecimal),
  accountId: value.id,
  cardToken: nullable(value.id),
  payeeId: nullable(value.id),
  merchantId: nullable(value.id),
  deviceId: nullable(value.id),
  ipAddress: nullable(value.ipAddress),
})

export const createRiskFeedbackCodec = (schemas: Schemas): Codec<RiskFeedback> =>
  createCodec(schemas, { record: 'RiskFeedback', version: 1 }, checkRiskFeedback)

/** The topic `risk-feedback`. Never throws. */
export const createRiskFeedbackDecoder = (deps: SideDecoderDeps): SideDecoder<RiskFeedback> =>
  createSideDecoder(createRiskFeedbackCodec(deps.schemas), deps, ({ occurredAt, knownAt }) => ({
    occurredAt,
    knownAt,
  }))
