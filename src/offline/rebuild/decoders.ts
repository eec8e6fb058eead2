import type { Arrived } from '../../attestation/readReports.ts'
import { decodeArrived } from '../../compose/deviceReports.ts'
import { askedFor } from '../../compose/askedFor.ts'
import type { Happening } from '../../domain/happening.ts'
import type { Received, Refused } from '../../domain/received.ts'
import { createAccountEventDecoder } from '../../stream/codec/accountEvent.ts'
import { createDecisionCodec } from '../../stream/codec/decision.ts'
import { createDeviceHealthDecoder } from '../../stream/codec/deviceHealth.ts'
import { createPaymentDecoder, type PaymentDecoderDeps } from '../../stream/codec/paymentDecoder.ts'
import { createRiskFeedbackDecoder, type FeedbackDecoderDeps } from '../../stream/codec/riskFeedback.ts'
import { decodeAccountEvents, decodeFeedback } from '../../stream/happenings.ts'
import type { RawRecord } from '../../stream/record.ts'
import type { Answered } from './decided.ts'

/** The decoders of the online path. */
export type Decoders = {
  readonly payment: (record: RawRecord) => Received | Refused
  /** null: no decision that says which payment it answers. */
  readonly answer: (record: RawRecord) => Answered | null
  readonly accountEvent: (record: RawRecord) => Happening | Refused
  readonly feedback: (record: RawRecord) => Happening | Refused
  readonly deviceHealth: (record: RawRecord) => Arrived | Refused
}

const nothing = Buffer.alloc(0)

export const createDecoders = (deps: PaymentDecoderDeps & FeedbackDecoderDeps): Decoders => {
  const decisions = createDecisionCodec(deps.schemas)
  return {
    payment: createPaymentDecoder(deps),
    answer: ({ value, headers }) => {
      const sourceOffset = Number(String(headers['sluice-source-offset'] ?? 'none'))
      const read = decisions.read(value ?? nothing)
      if (!read.ok || !Number.isSafeInteger(sourceOffset)) return null
      const { outcome, contentHash } = read.value
      return { sourceOffset, outcome, contentHash, reasons: askedFor(read.value) ?? 0 }
    },
    accountEvent: decodeAccountEvents(createAccountEventDecoder(deps), deps.now),
    feedback: decodeFeedback(createRiskFeedbackDecoder(deps), deps.now),
    deviceHealth: decodeArrived(createDeviceHealthDecoder(deps), deps.now),
  }
}
