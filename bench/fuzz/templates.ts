import { documentFormats, type HealthDocument } from '../../src/domain/deviceHealth.ts'
import { createAccountEventCodec } from '../../src/stream/codec/accountEvent.ts'
import { createCaseCommandCodec } from '../../src/stream/codec/caseCommand.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { createVulnerabilityCodec } from '../../src/stream/codec/vulnerability.ts'
import * as samples from '../../test/unit/stream/codec/samples.ts'
import type { Json } from './spoil.ts'

/** A valid record of one topic, before anything is spoiled. */
export type Template = {
  readonly topic: keyof TopicNames
  /** Of a thousand messages. */
  readonly share: number
  readonly key: (n: number) => string
  readonly record: (n: number) => Json
  /** null: the topic holds JSON only. */
  readonly encode: ((record: Json) => Buffer) | null
}

const asJson = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json

const indicator = (n: number): Json => ({
  type: 'indicator',
  spec_version: '2.1',
  id: `indicator--00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  created: '2026-01-01T00:00:00.000Z',
  modified: '2026-01-01T00:00:00.000Z',
  valid_from: '2026-01-01T00:00:00.000Z',
  confidence: 80,
  indicator_types: ['malicious-activity'],
  pattern_type: 'stix',
  pattern: `[ipv4-addr:value = '198.51.100.${n % 256}' OR domain-name:value = 'bad-${n}.example']`,
})

/** What an attester would sign, or an app tell: nobody here has its key. */
const document = (n: number): HealthDocument => {
  const told = JSON.stringify({
    nonce: n,
    iat: n,
    firewall: 'POOR',
    antivirus: ['GOOD'],
    complianceState: 'unknown',
  })
  const token = `eyJhbGciOiJFUzI1NiIsImtpZCI6ImEifQ.${Buffer.from(told).toString('base64url')}.c2lnbmVk`
  const format = documentFormats[n % documentFormats.length] ?? 'UNKNOWN'
  return { format, body: n % 3 === 0 ? told : n % 3 === 1 ? token : Buffer.from(told).toString('base64') }
}

export const templatesOf = (schemas: Schemas, now: () => number): readonly Template[] => {
  /** Whatever the writer makes of it: a record that it cannot write goes as JSON. */
  const writing =
    <T>({ encode }: { readonly encode: (value: T) => Buffer }) =>
    (record: Json): Buffer =>
      encode(record as T)
  return [
    {
      topic: 'payments',
      share: 550,
      key: (n) => `fuzz-acc-${n % 50}`,
      record: (n) =>
        asJson({
          ...samples.fullPayment,
          paymentId: `fuzz-${n}`,
          accountId: `fuzz-acc-${n % 50}`,
          occurredAt: now(),
        }),
      encode: writing(createPaymentCodec(schemas)),
    },
    {
      topic: 'accountEvents',
      share: 90,
      key: (n) => `fuzz-acc-${n % 50}`,
      record: (n) => asJson({ ...samples.accountEvent, eventId: `fuzz-ev-${n}`, occurredAt: now() }),
      encode: writing(createAccountEventCodec(schemas)),
    },
    {
      topic: 'deviceHealth',
      share: 150,
      key: (n) => `fuzz-dev-${n % 50}`,
      record: (n) =>
        asJson({
          ...samples.deviceHealth,
          reportId: `fuzz-rep-${n}`,
          deviceId: `fuzz-dev-${n % 50}`,
          observedAt: now(),
          document: n % 2 === 0 ? document(n) : null,
        }),
      encode: writing(createDeviceHealthCodec(schemas)),
    },
    {
      topic: 'riskFeedback',
      share: 90,
      key: (n) => `fuzz-acc-${n % 50}`,
      record: (n) =>
        asJson({ ...samples.riskFeedback, feedbackId: `fuzz-fb-${n}`, occurredAt: now(), knownAt: now() }),
      encode: writing(createRiskFeedbackCodec(schemas)),
    },
    {
      topic: 'vulnerabilities',
      share: 50,
      key: (n) => `CVE-2026-${10_000 + (n % 5_000)}`,
      record: (n) => asJson({ ...samples.vulnerability, cveId: `CVE-2026-${10_000 + (n % 5_000)}` }),
      encode: writing(createVulnerabilityCodec(schemas)),
    },
    {
      topic: 'threatIntel',
      share: 50,
      key: (n) => `indicator--00000000-0000-4000-8000-${String(n % 5_000).padStart(12, '0')}`,
      record: (n) => indicator(n % 5_000),
      encode: null,
    },
    {
      topic: 'caseCommands',
      share: 20,
      key: (n) => `fuzz-case-${n % 20}`,
      record: (n) => ({
        commandId: `fuzz-cmd-${n}`,
        caseId: `fuzz-case-${n % 20}`,
        kind: 'OPEN',
        actor: 'fuzz',
        subject: 'INCIDENT',
        subjectId: `incident-${n % 20}`,
        learnedAt: now(),
        state: 'UNKNOWN',
        embargoUntil: null,
        note: null,
      }),
      encode: writing(createCaseCommandCodec(schemas)),
    },
  ]
}
