import type { AccountEvent } from '../../../src/domain/accountEvent.ts'
import type { CaseCommand } from '../../../src/domain/case.ts'
import type { DeviceReport } from '../../../src/domain/deviceHealth.ts'
import type { RiskFeedback } from '../../../src/domain/feedback.ts'
import type { ListEntry } from '../../../src/domain/listEntry.ts'
import type { Vulnerability } from '../../../src/domain/vulnerability.ts'
import { createAccountEventCodec } from '../../../src/stream/codec/accountEvent.ts'
import { createCaseCommandCodec } from '../../../src/stream/codec/caseCommand.ts'
import type { Codec } from '../../../src/stream/codec/codec.ts'
import { createDeviceHealthCodec } from '../../../src/stream/codec/deviceHealth.ts'
import { createListEntryCodec } from '../../../src/stream/codec/listEntry.ts'
import { createRiskFeedbackCodec } from '../../../src/stream/codec/riskFeedback.ts'
import type { Schemas } from '../../../src/stream/codec/schemas.ts'
import { createVulnerabilityCodec } from '../../../src/stream/codec/vulnerability.ts'
import { playIntegrityDocument, securityCenterDocument } from '../attestation/documents.ts'
import { aFeedback, anAccountEvent } from '../happenings.ts'
import { stixIndicator } from '../intel/indicators.ts'
import { aListEntry } from '../listEntries.ts'
import { aCommand } from '../sharing/cases.ts'
import { ownName } from '../shared.ts'
import { reportOf } from '../toldBeside.ts'
import { aRange, aVulnerability } from '../vulnerabilities.ts'
import type { Fed } from './payments.ts'
import type { Planted } from './plants.ts'

/** The same record as Avro and as JSON, each with a number of its own; then one under such a key, and garbage. */
const everyWay = <T extends object>(
  what: string,
  { card, bareCard }: Planted,
  codec: Codec<T>,
  make: () => T,
  leaks: readonly ((number: string) => Partial<T>)[],
): readonly Fed[] => [
  ...leaks.flatMap((leak, i) => [
    { key: 'k', value: codec.encode({ ...make(), ...leak(card(`${what}, Avro, leak ${i}`)) }) },
    {
      key: 'k',
      value: Buffer.from(JSON.stringify({ ...make(), ...leak(card(`${what}, JSON, leak ${i}`)) })),
      headers: { 'content-type': 'application/json' },
    },
  ]),
  { key: bareCard(`${what}, key`), value: codec.encode(make()) },
  { key: 'k', value: codec.encode(make()), headers: { note: `by ${card(`${what}, header`)}` } },
  { key: 'k', value: Buffer.from(`??? ${card(`${what}, garbage`)} ???`) },
]

const accountEvents = (schemas: Schemas, planted: Planted): readonly Fed[] =>
  everyWay(
    'account event',
    planted,
    createAccountEventCodec(schemas),
    () => anAccountEvent({ eventId: ownName('event'), occurredAt: Date.now() }),
    ['eventId', 'accountId', 'deviceId', 'ipAddress', 'payeeId'].map(
      (field) => (number) => ({ [field]: number }) as Partial<AccountEvent>,
    ),
  )

const feedback = (schemas: Schemas, planted: Planted): readonly Fed[] =>
  everyWay(
    'feedback',
    planted,
    createRiskFeedbackCodec(schemas),
    () => aFeedback({ feedbackId: ownName('feedback'), paymentId: ownName('pay'), knownAt: Date.now() }),
    [
      ...[
        'feedbackId',
        'paymentId',
        'accountId',
        'cardToken',
        'payeeId',
        'merchantId',
        'deviceId',
        'ipAddress',
      ].map((field) => (number: string) => ({ [field]: number }) as Partial<RiskFeedback>),
      (number) => ({ source: `the holder of ${number}` }),
    ],
  )

const deviceHealth = (schemas: Schemas, planted: Planted): readonly Fed[] => {
  const make = (): DeviceReport => reportOf(ownName('device'), [], Date.now() - 1_000)
  return everyWay('device report', planted, createDeviceHealthCodec(schemas), make, [
    ...['reportId', 'deviceId', 'osVersion', 'patchLevel', 'appVersion'].map(
      (field) => (number: string) => ({ [field]: number }) as Partial<DeviceReport>,
    ),
    (number) => ({ readings: make().readings.map((reading) => ({ ...reading, source: `app ${number}` })) }),
    (number) => ({ document: securityCenterDocument({ comment: number }) }),
    (number) => ({
      document: playIntegrityDocument({ deviceId: 'd', reportId: 'r' }, Date.now(), {
        labels: [`of ${number}`],
      }),
    }),
    (number) => ({ document: { format: 'SDK_REPORT' as const, body: `header.${number}.signature` } }),
  ])
}

const caseCommands = (schemas: Schemas, planted: Planted): readonly Fed[] =>
  everyWay(
    'case command',
    planted,
    createCaseCommandCodec(schemas),
    () => aCommand({ caseId: ownName('case') }),
    [
      ...['commandId', 'caseId', 'subjectId', 'actor'].map(
        (field) => (number: string) => ({ [field]: number }) as Partial<CaseCommand>,
      ),
      (number) => ({ note: `The customer says that his card ${number} was taken.` }),
    ],
  )

const listEntries = (schemas: Schemas, planted: Planted): readonly Fed[] => {
  const codec = createListEntryCodec(schemas)
  const make = (): ListEntry => aListEntry({ entryId: 'k' }, Date.now())
  return everyWay('list entry', planted, codec, make, [
    ...['entryId', 'token', 'reason', 'addedBy', 'comment'].map(
      (field) => (number: string) => ({ [field]: number }) as Partial<ListEntry>,
    ),
    (number) => ({ subject: 'ACCOUNT_PAYEE' as const, payeeId: number }),
    (number) => ({ effect: 'SNOOZE' as const, ruleId: number }),
    (number) => ({ comment: `asked for by the holder of ${number}, twice` }),
  ])
}

const vulnerabilities = (schemas: Schemas, planted: Planted): readonly Fed[] => {
  const codec = createVulnerabilityCodec(schemas)
  const cveId = 'CVE-2026-0001'
  const asCve = `CVE-2026-${planted.bareCard('a CVE id')}`
  return [
    { key: asCve, value: codec.encode(aVulnerability({ cveId: asCve })) },
    ...everyWay('vulnerability', planted, codec, () => aVulnerability({ cveId }), [
      ...['title', 'source'].map(
        (field) => (number: string) => ({ [field]: number }) as Partial<Vulnerability>,
      ),
      (number) => ({ affected: [aRange({ fixed: number })] }),
    ]).map((fed) => (fed.key === 'k' ? { ...fed, key: cveId } : fed)),
  ]
}

/** Intelligence may list a card, an address, a number: it may be looked up, and is told to nobody. */
const threatIntel = ({ card, bareCard, email, phone }: Planted): readonly Fed[] => {
  const named = (name: string) => {
    const id = `identity--${crypto.randomUUID()}`
    return { id, type: 'identity', spec_version: '2.1', name }
  }
  const source = named(`the holder of ${card('name of a source')}`)
  const objects = [
    source,
    stixIndicator("[x-sluice-payee:value = 'mule']", { created_by_ref: source.id, confidence: 90 }),
    stixIndicator("[x-sluice-payee:value = 'mule-2']", { created_by_ref: bareCard('created_by_ref') }),
    stixIndicator(`[x-sluice-card:value = '${card('pattern')}']`),
    stixIndicator(`[email-addr:value = '${email('pattern')}']`),
    stixIndicator(`[x-sluice-phone:value = '${phone('pattern')}']`),
    stixIndicator(`[x-sluice-phone:value = '${card('phone of a pattern')}']`),
    stixIndicator(`[email-addr:value MATCHES '${email('expression')}']`),
    stixIndicator(`[x-sluice-card:value = ${bareCard('pattern, no text')} OR`),
    stixIndicator(`[x-unheard-of:value = '${card('pattern of another thing')}']`),
    stixIndicator('[x:y = 1]', { pattern_type: card('pattern_type') }),
    stixIndicator("[x-sluice-payee:value = 'x']", { valid_from: card('valid_from') }),
    stixIndicator("[x-sluice-payee:value = 'y']", { description: card('description'), name: email('name') }),
    { ...stixIndicator("[x-sluice-payee:value = 'z']"), id: `indicator--${bareCard('id')}` },
    { type: card('type'), id: 'x' },
  ]
  return [
    ...objects.map((object) => ({ key: object.id, value: Buffer.from(JSON.stringify(object)) })),
    { key: bareCard('key of intelligence'), value: null },
    { key: 'indicator--x', value: Buffer.from(`no JSON: ${card('intelligence that is no JSON')}`) },
    { key: 'indicator--x', value: Buffer.from('{}'), headers: { note: card('header of intelligence') } },
  ]
}

/** Records for each topic beside the payments. */
export const leakingBeside = (schemas: Schemas, planted: Planted) => ({
  accountEvents: accountEvents(schemas, planted),
  riskFeedback: feedback(schemas, planted),
  deviceHealth: deviceHealth(schemas, planted),
  caseCommands: caseCommands(schemas, planted),
  policyLists: listEntries(schemas, planted),
  vulnerabilities: vulnerabilities(schemas, planted),
  threatIntel: threatIntel(planted),
})
