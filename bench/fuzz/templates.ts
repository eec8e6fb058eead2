import { documentFormats, type HealthDocument } from '../../src/domain/deviceHealth.ts'
import { listEffects, listSubjects, type ListEntry } from '../../src/domain/listEntry.ts'
import { createAccountEventCodec } from '../../src/stream/codec/accountEvent.ts'
import { createCaseCommandCodec } from '../../src/stream/codec/caseCommand.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createListEntryCodec } from '../../src/stream/codec/listEntry.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import type { Schemas } from '../../src/stream/codec/schemas.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { createVulnerabilityCodec } from '../../src/stream/codec/vulnerability.ts'
import { aListEntry } from '../../test/support/listEntries.ts'
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

/** Of each effect and kind of subject, about accounts and payees that only hostile payments have. */
const listed = (n: number): Partial<ListEntry> => {
  const effect = listEffects[n % listEffects.length] ?? 'BLOCK'
  const subject = listSubjects[n % listSubjects.length] ?? 'PAYEE'
  return {
    effect,
    subject,
    token: subject === 'IP' ? `203.0.113.${n % 256}` : `fuzz-listed-${n % 50}`,
    payeeId: subject === 'ACCOUNT_PAYEE' ? `fuzz-payee-${n % 50}` : null,
    ruleId: effect === 'SNOOZE' ? 'new_payee' : null,
  }
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
      share: 120,
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
      topic: 'policyLists',
      share: 30,
      key: (n) => `fuzz-entry-${n % 2_000}`,
      record: (n) => {
        const entryId = `fuzz-entry-${n % 2_000}`
        return asJson(aListEntry({ ...listed(n), entryId }, now()))
      },
      encode: writing(createListEntryCodec(schemas)),
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
