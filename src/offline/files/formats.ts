import { accountEventKinds, type AccountEvent } from '../../domain/accountEvent.ts'
import { platforms, type DeviceReport } from '../../domain/deviceHealth.ts'
import { feedbackKinds, type RiskFeedback } from '../../domain/feedback.ts'
import { outcomes, type Outcome } from '../../domain/outcome.ts'
import { channels, methods, type Payment } from '../../domain/payment.ts'
import { checkAccountEvent } from '../../stream/codec/accountEvent.ts'
import { nullable, record, type Check } from '../../stream/codec/check.ts'
import { checkDeviceHealth } from '../../stream/codec/deviceHealth.ts'
import { checkPayment } from '../../stream/codec/payment.ts'
import { checkRiskFeedback } from '../../stream/codec/riskFeedback.ts'
import * as values from '../../stream/codec/values.ts'
import { flag, json, number, orElse, orNull, symbol, text, time, words } from './columns.ts'
import type { Columns, RowFormat } from './row.ts'

const paymentColumns: Columns<Payment> = {
  paymentId: text,
  attempt: orElse(number, 1),
  occurredAt: time,
  amountMinor: number,
  currency: text,
  channel: symbol(channels),
  method: symbol(methods),
  accountId: text,
  cardToken: orNull(text),
  payeeId: orNull(text),
  merchantId: orNull(text),
  mcc: orNull(text),
  deviceId: orNull(text),
  sessionId: orNull(text),
  ipAddress: orNull(text),
  emailHash: orNull(text),
  phoneHash: orNull(text),
  country: orNull(text),
  latitude: orNull(number),
  longitude: orNull(number),
  authMethods: orNull(words),
  respondBy: orNull(time),
}

export const paymentFormat: RowFormat<Payment> = { columns: paymentColumns, check: checkPayment }

export const deviceHealthFormat: RowFormat<DeviceReport> = {
  columns: {
    reportId: text,
    deviceId: text,
    observedAt: time,
    platform: symbol(platforms),
    osVersion: orNull(text),
    patchLevel: orNull(text),
    appVersion: orNull(text),
    readings: json(),
    document: orNull(json()),
  },
  check: checkDeviceHealth,
}

export const accountEventFormat: RowFormat<AccountEvent> = {
  columns: {
    eventId: text,
    occurredAt: time,
    kind: symbol(accountEventKinds),
    accountId: text,
    deviceId: orNull(text),
    ipAddress: orNull(text),
    payeeId: orNull(text),
  },
  check: checkAccountEvent,
}

export const feedbackFormat: RowFormat<RiskFeedback> = {
  columns: {
    feedbackId: text,
    paymentId: text,
    attempt: orElse(number, 1),
    occurredAt: time,
    knownAt: time,
    kind: symbol(feedbackKinds),
    source: text,
    feedbackMac: orNull(text),
    accountId: text,
    cardToken: orNull(text),
    payeeId: orNull(text),
    merchantId: orNull(text),
    deviceId: orNull(text),
    ipAddress: orNull(text),
  },
  check: checkRiskFeedback,
}

/** What a replay needs of a decision. */
export type PastDecision = { readonly paymentId: string; readonly attempt: number; readonly outcome: Outcome }

export const decisionFormat: RowFormat<PastDecision> = {
  columns: { paymentId: text, attempt: orElse(number, 1), outcome: symbol(outcomes) },
  check: record<PastDecision>({
    paymentId: values.id,
    attempt: values.attempt,
    outcome: values.symbol(outcomes),
  }),
}

/** What a payment really was. `knownAt`: when that was learned; null where nobody ever reported anything. */
export type Label = {
  readonly paymentId: string
  readonly occurredAt: number
  readonly accountId: string
  readonly fraud: boolean
  readonly knownAt: number | null
  /** The way of the fraud, where the world is simulated. */
  readonly scenario: string | null
}

const checkLabel: Check<Label> = record<Label>({
  paymentId: values.id,
  occurredAt: values.moment,
  accountId: values.id,
  fraud: values.flag,
  knownAt: nullable(values.moment),
  scenario: nullable(values.text(64)),
})

export const labelFormat: RowFormat<Label> = {
  columns: {
    paymentId: text,
    occurredAt: time,
    accountId: text,
    fraud: flag,
    knownAt: orNull(time),
    scenario: orNull(text),
  },
  check: checkLabel,
}
