import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Producer } from 'kafkajs'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { runCommand } from '../support/command.ts'
import { stixIndicator } from '../support/intel/indicators.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

let scene: Scene
let processor: Processor
let producer: Producer
const listedPayment = ownName('pay')
const smallPayments = Array.from({ length: 5 }, () => ownName('pay'))
const invalid = ownName('pay')
const device = ownName('device')
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

  const account = ownName('account')
  const listed = aPayment({
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
