import { feedbackKinds, type RiskFeedback } from '../../domain/feedback.ts'
import { nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { RawRecord } from '../record.ts'
import { noIds, refuse } from './refusal.ts'
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

/** What is wrong with the proof of feedback, as `expected ..., found ...`; null: it may be believed. */
export type ProofProblem = (
  feedback: RiskFeedback,
  record: Pick<RawRecord, 'headers' | 'value'>,
) => string | null

export type FeedbackDecoderDeps = SideDecoderDeps & { readonly proofProblem: ProofProblem }

/** The topic `risk-feedback`: what cannot be believed is refused too. Never throws. */
export const createRiskFeedbackDecoder = (deps: FeedbackDecoderDeps): SideDecoder<RiskFeedback> => {
  const decode = createSideDecoder(
    createRiskFeedbackCodec(deps.schemas),
    deps,
    ({ occurredAt, knownAt }) => ({
      occurredAt,
      knownAt,
    }),
  )
  return (record) => {
    const decoded = decode(record)
    if ('reason' in decoded) return decoded
    const detail = deps.proofProblem(decoded, record)
    if (detail === null) return decoded
    const fault = { reason: 'FEEDBACK_NOT_PROVEN', detail, field: null } as const
    return refuse(record, { ok: false, fault, partial: {} }, noIds)
  }
}
