import type { AccountEvent } from '../../../../src/domain/accountEvent.ts'
import type { Audit } from '../../../../src/domain/audit.ts'
import type { Decision } from '../../../../src/domain/decision.ts'
import type { DeviceReport } from '../../../../src/domain/deviceHealth.ts'
import type { RiskFeedback } from '../../../../src/domain/feedback.ts'
import type { Payment } from '../../../../src/domain/payment.ts'
import type { Vulnerability } from '../../../../src/domain/vulnerability.ts'
import type { PublishedNotice } from '../../../../src/domain/notice.ts'
import type { RawRecord } from '../../../../src/stream/record.ts'

export const occurredAt = Date.UTC(2026, 0, 15, 12, 30)

/** Only what a payment must have. */
export const barePayment: Payment = {
  paymentId: 'pay-1',
  attempt: 1,
  occurredAt,
  amountMinor: 1250,
  currency: 'EUR',
  channel: 'APP',
  method: 'TRANSFER',
  accountId: 'acc-1',
  cardToken: null,
  payeeId: null,
  merchantId: null,
  mcc: null,
  deviceId: null,
  sessionId: null,
  ipAddress: null,
  emailHash: null,
  phoneHash: null,
  country: null,
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
}

/** All that a payment can have. */
export const fullPayment: Payment = {
  ...barePayment,
  paymentId: '6f1c2f0e-7c1d-4f57-9b0a-3d2f5b1a9c11',
  attempt: 2,
  amountMinor: 10_000_000_000_000,
  method: 'CARD',
  cardToken: 'tok-7',
  payeeId: 'payee-3',
  merchantId: 'mer-9',
  mcc: '5411',
  deviceId: 'dev-4',
  sessionId: 'ses-5',
  ipAddress: '2001:db8::1',
  emailHash: 'b58996c504c5638798eb6b511e6f49af',
  phoneHash: '5d41402abc4b2a76b9719d911017c592',
  country: 'DE',
  latitude: 52.5,
  longitude: 13.375,
  authMethods: ['PASSKEY', 'PIN'],
  respondBy: occurredAt + 800,
}

export const vulnerability: Vulnerability = {
  cveId: 'CVE-2026-12345',
  title: 'A made-up hole',
  publishedAt: occurredAt,
  modifiedAt: null,
  cvss31: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  cvss40: null,
  cvssScore: null,
  kev: { dateAdded: occurredAt, dueDate: null, knownRansomware: true },
  epss: { score: 0.5, percentile: 0.75, date: null },
  affected: [
    {
      platform: 'ANDROID',
      versionScheme: 'ANDROID_PATCH',
      introduced: null,
      fixed: '2026-01-05',
      lastAffected: null,
    },
  ],
  remediation: 'OFFICIAL_FIX',
  repairEffort: 'UNKNOWN',
  source: 'made up',
}

export const accountEvent: AccountEvent = {
  eventId: 'evt-1',
  occurredAt,
  kind: 'SIM_CHANGED',
  accountId: 'acc-1',
  deviceId: 'dev-4',
  ipAddress: '192.0.2.7',
  payeeId: null,
}

export const deviceHealth: DeviceReport = {
  reportId: 'rep-1',
  deviceId: 'dev-4',
  observedAt: occurredAt,
  platform: 'ANDROID',
  osVersion: '15',
  patchLevel: '2026-01-05',
  appVersion: null,
  readings: [
    {
      signal: 'REMOTE_ACCESS',
      state: 'UNHEALTHY',
      source: 'Play Integrity',
      attested: true,
      observedAt: occurredAt - 1000,
      expiresAt: occurredAt + 60_000,
    },
  ],
  document: { format: 'WINDOWS_SECURITY_CENTER', body: '{"firewall":"POOR"}' },
}

export const riskFeedback: RiskFeedback = {
  feedbackId: 'fb-1',
  paymentId: 'pay-1',
  attempt: 1,
  occurredAt,
  knownAt: occurredAt + 86_400_000,
  kind: 'FRAUD_CONFIRMED',
  source: 'call centre',
  feedbackMac: '0a1b2c3d',
  accountId: 'acc-1',
  cardToken: null,
  payeeId: 'payee-3',
  merchantId: null,
  deviceId: null,
  ipAddress: null,
}

export const decision: Decision = {
  paymentId: 'pay-1',
  attempt: 1,
  contentHash: '00112233445566ff',
  accountId: 'acc-1',
  outcome: 'STEP_UP',
  probability: 0.8125,
  riskLevel: 'HIGH',
  reasons: [
    { code: 'NEW_DEVICE', contribution: 0.5 },
    { code: 'RULE_REMOTE_CONTROL', contribution: null },
  ],
  stepUpMethod: 'CALL_BACK',
  notices: [
    {
      code: 'REMOVE_REMOTE_ACCESS',
      severity: 'CRITICAL',
      actionEn: 'End the remote session.',
      actionZh: '请结束远程会话。',
      reasonEn: 'Somebody else can control this device.',
      reasonZh: '他人可以控制此设备。',
    },
  ],
  bundleHash: 'b1',
  degraded: ['account'],
  late: false,
  decidedAt: occurredAt + 5,
  validUntil: occurredAt + 60_005,
  feedbackMac: 'deadbeef',
  stageMicros: { wait: 1, decode: 2.5, recall: 3, features: 4, score: 5, decide: 6 },
  model: 'payment-risk/1',
  logOdds: 1.5,
  explainedLogOdds: 2.25,
  protectionLevel: 'RESTRICTED',
  protectionReasons: ['SIM_CHANGE_UNHEALTHY'],
  exceptions: ['breaker:rule:card_testing'],
  shed: ['challengers', 'reasons'],
}

export const audit: Audit = {
  payment: fullPayment,
  sourcePartition: 3,
  sourceOffset: 4_294_967_296,
  sourceTimestamp: occurredAt + 2,
  effectiveAt: occurredAt,
  features: [1, Number.NaN, -0.5],
  degraded: [],
  decision,
  otherModels: [
    { model: 'payment-risk/2', probability: 0.25, outcome: 'ALLOW', scoreMicros: 120.5 },
    { model: 'payment-risk/3', probability: null, outcome: 'BLOCK', scoreMicros: 90 },
  ],
  device: {
    observedAt: occurredAt - 60_000,
    platform: 'ANDROID',
    osVersion: '15',
    patchLevel: '2026-01-05',
    appVersion: null,
    readings: [
      {
        signal: 'SYSTEM_INTEGRITY',
        state: 'HEALTHY',
        source: 'Play Integrity',
        attested: true,
        observedAt: occurredAt - 60_000,
        expiresAt: occurredAt + 3_540_000,
      },
    ],
    attestation: {
      verifiedAt: occurredAt - 59_000,
      verifiedUntil: occurredAt + 3_540_000,
      expiredAt: null,
      failedAt: null,
      replayedAt: null,
    },
  },
  intelHits: [
    {
      subject: 'payee',
      indicatorId: 'indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f',
      source: 'a feed',
      confidence: 85,
      modifiedAt: occurredAt - 86_400_000,
      tlp: 'AMBER',
    },
  ],
  listed: [
    {
      entryId: 'entry-1',
      effect: 'SNOOZE',
      subject: 'ACCOUNT',
      token: 'acc-1',
      payeeId: null,
      ruleId: 'new_payee',
      reason: 'moves house',
      addedBy: 'fraud-operations',
      from: occurredAt - 1_000,
      until: occurredAt + 86_400_000,
      comment: null,
    },
  ],
  redelivered: true,
}

export const notice: PublishedNotice = {
  noticeId: 'n-1',
  accountId: 'acc-1',
  deviceId: 'dev-4',
  paymentId: null,
  payeeId: null,
  moment: 'BEFORE',
  audience: 'DEVICE_OWNER',
  dueAt: occurredAt + 86_400_000,
  createdAt: occurredAt,
  code: 'UPDATE_SYSTEM',
  severity: 'WARNING',
  actionEn: 'Update to 17.4.1.',
  actionZh: '请更新到 17.4.1。',
  reasonEn: 'A known hole is being used.',
  reasonZh: '已知漏洞正被利用。',
}

/** A record as Kafka would give it, a little after the sample payments occurred. */
export const rawRecord = (value: Buffer | null, given: Partial<RawRecord> = {}): RawRecord => ({
  topic: 'payments',
  partition: 0,
  offset: 7,
  timestamp: occurredAt + 20,
  key: Buffer.from('acc-1'),
  value,
  headers: {},
  enteredAt: 1.5,
  ...given,
})

/** A Visa test number. */
export const pan = '4111111111111111'
