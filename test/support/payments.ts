import type { Assessed } from '../../src/domain/decision.ts'
import { nothingSeen } from '../../src/domain/seen.ts'
import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'

export const aPayment = (over: Partial<Payment> = {}): Payment => ({
  paymentId: 'pay-1',
  attempt: 1,
  occurredAt: Date.UTC(2026, 0, 15, 12),
  amountMinor: 1250,
  currency: 'EUR',
  channel: 'APP',
  method: 'TRANSFER',
  accountId: 'acc-1',
  cardToken: null,
  payeeId: 'payee-1',
  merchantId: null,
  mcc: null,
  deviceId: 'dev-1',
  sessionId: null,
  ipAddress: '192.0.2.7',
  emailHash: null,
  phoneHash: null,
  country: 'DE',
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
  ...over,
})

export const aReceived = (over: Partial<Payment> = {}, offset = 0): Received => {
  const payment = aPayment(over)
  return {
    payment,
    source: { topic: 'payments', partition: 0, offset, timestamp: payment.occurredAt, headers: {} },
    effectiveAt: payment.occurredAt,
    contentHash: '00000000000000aa',
    enteredAt: 0,
  }
}

export const anAssessed = (over: Partial<Assessed> = {}): Assessed => ({
  ...aReceived(),
  features: new Float64Array(0),
  degraded: [],
  late: false,
  protection: { level: 'FULL', reasons: [] },
  seen: nothingSeen,
  listed: [],
  probability: 0.01,
  model: 'a-model/1',
  outcome: 'ALLOW',
  riskLevel: 'LOW',
  reasons: [],
  stepUpMethod: null,
  notices: [],
  logOdds: null,
  explainedLogOdds: null,
  judged: over.outcome ?? 'ALLOW',
  exceptions: [],
  shed: [],
  ...over,
})
