import type { Decision } from '../../src/domain/decision.ts'
import type { Truth, SimEvent } from '../../src/offline/simulator/simEvent.ts'
import { aPayment } from './payments.ts'

export const goodTruth: Truth = { fraud: false, scenario: null, knownAt: null }
export const fraudTruth: Truth = { fraud: true, scenario: 'CARD_TESTING', knownAt: 9_000 }

export const paymentEvent = (
  paymentId: string,
  at: number,
  truth = goodTruth,
): SimEvent & { kind: 'payment' } => ({
  at,
  kind: 'payment',
  payment: aPayment({ paymentId, occurredAt: at }),
  truth,
})

export const reportEvent = (reportId: string, at: number): SimEvent & { kind: 'deviceHealth' } => ({
  at,
  kind: 'deviceHealth',
  report: {
    reportId,
    deviceId: 'dev-1',
    observedAt: at,
    platform: 'ANDROID',
    osVersion: '15',
    patchLevel: null,
    appVersion: null,
    readings: [],
    document: null,
  },
})

export const aDecision = (fields: Partial<Decision> = {}): Decision => ({
  paymentId: 'pay-1',
  attempt: 1,
  contentHash: '0011223344556677',
  accountId: 'acc-1',
  outcome: 'ALLOW',
  probability: 0.01,
  riskLevel: 'LOW',
  reasons: [],
  stepUpMethod: null,
  notices: [],
  bundleHash: 'ab',
  degraded: [],
  late: false,
  decidedAt: 1_000,
  validUntil: 301_000,
  feedbackMac: null,
  stageMicros: { wait: 1, decode: 2, recall: 3, features: 4, score: 5, decide: 6 },
  model: 'a-model/1',
  logOdds: null,
  explainedLogOdds: null,
  protectionLevel: 'FULL',
  protectionReasons: [],
  exceptions: [],
  shed: [],
  ...fields,
})
