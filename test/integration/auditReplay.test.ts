import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Producer } from 'kafkajs'
import type { RiskFeedback } from '../../src/domain/feedback.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import { murmur2 } from '../../src/stream/murmur2.ts'
import { runCommand } from '../support/command.ts'
import { aFeedback } from '../support/happenings.ts'
import { stixIndicator } from '../support/intel/indicators.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

let scene: Scene
let processor: Processor
let producer: Producer
let listed: Payment
const listedPayment = ownName('pay')
const smallPayments = Array.from({ length: 5 }, () => ownName('pay'))
const invalid = ownName('pay')
const device = ownName('device')
const account = ownName('account')
const indicator = stixIndicator("[x-sluice-payee:value = 'audited-mule']", { confidence: 90 })

const metricsHold = (pattern: RegExp): Promise<void> =>
  untilTrue(async () => pattern.test(await (await fetch(`${processor.url}/metrics`)).text()))

beforeAll(async () => {
  scene = await openScene(sharedServers())
  producer = scene.kafka.producer({ allowAutoTopicCreation: false })
  await producer.connect()
  processor = await startProcessor(scene.environment)
  await producer.send({
    topic: scene.topics.threatIntel,
    acks: -1,
    messages: [{ key: indicator.id, value: JSON.stringify(indicator) }],
  })
  await metricsHold(/^sluice_intel_objects_total\{result="listed"\} 1$/m)
  const now = Date.now()
  const report = createDeviceHealthCodec(scene.schemas).encode({
    reportId: ownName('report'),
    deviceId: device,
    observedAt: now,
    platform: 'ANDROID',
    osVersion: '15',
    patchLevel: null,
    appVersion: null,
    readings: [
      {
        signal: 'FIREWALL',
        state: 'HEALTHY',
        source: 'the app',
        attested: false,
        observedAt: now,
        expiresAt: now + 3_600_000,
      },
    ],
    document: null,
  })
  await producer.send({
    topic: scene.topics.deviceHealth,
    acks: -1,
    messages: [{ key: device, value: report }],
  })

  listed = aPayment({
    paymentId: listedPayment,
    accountId: account,
    deviceId: device,
    payeeId: 'audited-mule',
    occurredAt: Date.now(),
  })
  const small = smallPayments.map((paymentId, i) =>
    aPayment({
      paymentId,
      accountId: `${account}-${i}`,
      deviceId: null,
      amountMinor: 900,
      occurredAt: Date.now(),
    }),
  )
  await scene.paymentSwitch.send([...small, listed])
  await scene.paymentSwitch.allDecided()
  // The switch sends it again: the answer is given again, and no second decision is made.
  await scene.paymentSwitch.send([listed])
  await untilTrue(() => scene.paymentSwitch.answersTo(listedPayment).length === 2)
  await producer.send({
    topic: scene.topics.payments,
    acks: -1,
    messages: [{ key: account, value: 'no payment', headers: { 'payment-id': invalid } }],
  })
  await untilTrue(() => scene.paymentSwitch.answersTo(invalid).length === 1)
})
afterAll(async () => {
  await producer.disconnect()
  await processor.end()
  await scene.close()
})

const sluice = (...args: readonly string[]) => runCommand(args, scene.environment)

/** An account whose audit records lie in another partition than those of the payer. */
const accountElsewhere = async (): Promise<string> => {
  const admin = scene.kafka.admin()
  await admin.connect()
  const [{ partitions } = { partitions: [] }] = (
    await admin.fetchTopicMetadata({ topics: [scene.topics.audit] })
  ).topics
  await admin.disconnect()
  const partitionOf = (name: string): number => (murmur2(Buffer.from(name)) & 0x7fff_ffff) % partitions.length
  for (;;) {
    const name = ownName('elsewhere')
    if (partitionOf(name) !== partitionOf(account)) return name
  }
}

it('explain shows what made the decision, its answers, and a record that was refused', async () => {
  const { code, out, err } = await sluice('explain', listedPayment)
  expect([code, err]).toEqual([0, ''])
  for (const part of [
    `BLOCK  ${listedPayment}, attempt 1`,
    'KNOWN_BAD_PAYEE: Shared intelligence lists the payee',
    'intel.payee 1',
    `listed     payee by ${indicator.id}`,
    'confidence 90',
  ])
    expect(out).toContain(part)
  expect(out.match(/attempt 1 {2}BLOCK/g)).toHaveLength(2)

  const refused = await sluice('explain', invalid)
  expect(refused.out).toContain('INVALID_PAYMENT')
  expect(refused.out).toMatch(/refused .* MALFORMED/)

  const json = await sluice('explain', listedPayment, '--json')
  expect(json.out).not.toContain('feedbackMac')
  expect((await sluice('explain', ownName('nobody'))).code).toBe(1)
})

it('explain keeps to the account, the attempt and the time that are asked for', async () => {
  const hourMs = 3_600_000
  const [before, after] = [-hourMs, hourMs].map((ms) => new Date(Date.now() + ms).toISOString())
  const withAudit = 'KNOWN_BAD_PAYEE: Shared intelligence lists the payee'
  const detail = 'intel.payee 1'
  for (const options of [
    ['--account', account],
    ['--attempt', '1'],
    ['--since', before ?? ''],
    ['--until', after ?? ''],
  ]) {
    const { code, out } = await sluice('explain', listedPayment, ...options)
    expect([code, out.includes(withAudit), out.includes(detail)]).toEqual([0, true, true])
  }
  const elsewhere = await sluice('explain', listedPayment, '--account', await accountElsewhere())
  expect(elsewhere.out).toContain('no audit record')
  expect(elsewhere.out.match(/attempt 1 {2}BLOCK/g)).toHaveLength(2)
  for (const options of [
    ['--attempt', '2'],
    ['--since', after ?? ''],
    ['--until', before ?? ''],
  ]) {
    const { code, out, err } = await sluice('explain', listedPayment, ...options)
    expect([code, out]).toEqual([1, ''])
    expect(err).toContain(listedPayment)
  }
  expect((await sluice('explain', invalid, '--attempt', '2')).code).toBe(1)
  expect((await sluice('explain', listedPayment, '--since', 'once')).code).toBe(2)
})

it('explain shows what became of the payment, in either form, and what of it was not believed', async () => {
  const { decision } = scene.paymentSwitch.answersTo(listedPayment)[0] ?? {}
  const told = (kind: RiskFeedback['kind'], feedbackMac: string | null) =>
    aFeedback({
      feedbackId: ownName('feedback'),
      paymentId: listedPayment,
      occurredAt: listed.occurredAt,
      knownAt: Date.now(),
      kind,
      source: 'fraud desk',
      feedbackMac,
      accountId: account,
      cardToken: listed.cardToken,
      payeeId: listed.payeeId,
      merchantId: listed.merchantId,
      deviceId: listed.deviceId,
      ipAddress: listed.ipAddress,
    })
  const believed = told('FRAUD_CONFIRMED', decision?.feedbackMac ?? null)
  const forged = told('FALSE_POSITIVE', null)
  await producer.send({
    topic: scene.topics.riskFeedback,
    acks: -1,
    messages: [
      {
        key: account,
        value: JSON.stringify(believed),
        headers: { 'content-type': 'application/json' },
      },
      { key: account, value: createRiskFeedbackCodec(scene.schemas).encode(forged) },
    ],
  })
  await metricsHold(/^sluice_feedback_total\{result="applied"\} 1$/m)
  await metricsHold(/^sluice_feedback_total\{result="refused"\} 1$/m)

  const { code, out } = await sluice('explain', listedPayment)
  expect(code).toBe(0)
  expect(out).toMatch(/feedback .* FRAUD_CONFIRMED from fraud desk, attempt 1$/m)
  expect(out).toMatch(
    /feedback .* FALSE_POSITIVE from fraud desk, attempt 1; not believed: FEEDBACK_NOT_PROVEN$/m,
  )
  const json = await sluice('explain', listedPayment, '--json')
  expect(json.out).not.toContain(decision?.feedbackMac)
  expect(JSON.parse(json.out)).toMatchObject({
    feedback: [
      { feedbackId: believed.feedbackId, refused: null },
      { feedbackId: forged.feedbackId, refused: 'FEEDBACK_NOT_PROVEN' },
    ],
    deadLetters: [],
  })
})

it('what stands in a row is known when the folder of models has moved on; its model is not scored again', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-moved-on-'))
  const movedOn = { ...scene.environment, SLUICE_MODELS_DIR: folder }
  const explained = await runCommand(['explain', listedPayment], movedOn)
  expect(explained.code).toBe(0)
  expect(explained.out).toContain('intel.payee 1')
  expect(explained.out).toMatch(/policy [0-9a-f]{16}/)
  expect(explained.err).toContain('a bundle is not known')
  const replayed = await runCommand(['replay', '--audit', 'topic', '--json'], movedOn)
  expect(JSON.parse(replayed.out)).toMatchObject({ decisions: 6, same: 6, differs: {}, notScored: 6 })
  await rm(folder, { recursive: true })
})

it('replay --audit makes all decisions again, and they are the same', async () => {
  const { code, out, err } = await sluice('replay', '--audit', 'topic', '--json')
  expect([code, err]).toEqual([0, ''])
  expect(JSON.parse(out)).toMatchObject({
    decisions: 6,
    same: 6,
    differs: {},
    undecided: {},
    notScored: 0,
  })
})

it('policy diff names those whom another policy decides differently, and no others', async () => {
  const text = await readFile('models/policy.yaml', 'utf8')
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-policies-'))
  const other = path.join(folder, 'other.yaml')
  const rules = text.slice(text.indexOf('  - id: remote_control'))
  await writeFile(
    other,
    text.replace(
      rules,
      `  - id: small_amounts
    when: f("payment.amount") == 900.0
    outcome: BLOCK
    reason: UNUSUAL_AMOUNT
    finding: ABNORMAL_BEHAVIOUR
    owner: tests
${rules}`,
    ),
  )
  const { code, out, err } = await sluice(
    'policy',
    'diff',
    '--from',
    'models/policy.yaml',
    '--to',
    other,
    '--audit',
    'topic',
    '--json',
  )
  expect([code, err]).toEqual([0, ''])
  const diff = JSON.parse(out) as {
    readonly examples: readonly { readonly paymentId: string; readonly because: readonly string[] }[]
  }
  const before = smallPayments.filter(
    (id) => scene.paymentSwitch.answersTo(id)[0]?.decision.outcome !== 'BLOCK',
  )
  expect(before.length).toBeGreaterThan(0)
  expect(diff.examples.map(({ paymentId }) => paymentId).toSorted()).toEqual(before.toSorted())
  for (const { because } of diff.examples) expect(because).toContain('rule small_amounts')
})
