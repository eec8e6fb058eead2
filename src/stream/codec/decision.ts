import {
  riskLevels,
  stepUpMethods,
  type Decision,
  type Notice,
  type Reason,
  type StageMicros,
} from '../../domain/decision.ts'
import { outcomes } from '../../domain/outcome.ts'
import { protectionLevels } from '../../domain/protection.ts'
import { list, nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import { noticeChecks } from './notice.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const longestList = 1000

const checkReason: Check<Reason> = record<Reason>({
  code: value.code,
  contribution: nullable(value.number),
})

const micros = value.between(0, Number.MAX_SAFE_INTEGER)

const checkStageMicros: Check<StageMicros> = record<StageMicros>({
  wait: micros,
  decode: micros,
  recall: micros,
  features: micros,
  score: micros,
  decide: micros,
})

/** contentHash and bundleHash are empty in the answer to a record that is no payment. */
export const checkDecision: Check<Decision> = record<Decision>({
  paymentId: value.id,
  attempt: value.attempt,
  contentHash: value.hash,
  accountId: nullable(value.id),
  outcome: value.symbol(outcomes),
  probability: nullable(value.between(0, 1)),
  riskLevel: value.symbol(riskLevels),
  reasons: list(checkReason, longestList),
  stepUpMethod: nullable(value.symbol(stepUpMethods)),
  notices: list(record<Notice>(noticeChecks), longestList),
  bundleHash: value.hash,
  degraded: list(value.id, longestList),
  late: value.flag,
  decidedAt: value.moment,
  validUntil: value.moment,
  feedbackMac: nullable(value.hexadecimal),
  stageMicros: checkStageMicros,
  model: nullable(value.id),
  logOdds: nullable(value.number),
  explainedLogOdds: nullable(value.number),
  protectionLevel: value.symbol(protectionLevels),
  protectionReasons: list(value.code, longestList),
  exceptions: list(value.id, longestList),
  shed: list(value.id, longestList),
})

export const createDecisionCodec = (schemas: Schemas): Codec<Decision> =>
  createCodec(schemas, { record: 'Decision', version: 4 }, checkDecision)
