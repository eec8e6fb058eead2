import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Admin, Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuditCodec } from '../../src/stream/codec/audit.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import type { RawRecord } from '../../src/stream/record.ts'
import type { TopicNames } from '../../src/stream/topicSpec.ts'
import { appName, reportWith, sdkClaims } from '../support/attestation/documents.ts'
import { audience, createAttester } from '../support/attestation/attester.ts'
import { aFeedback } from '../support/happenings.ts'
import { hashContact } from '../support/intel/indicators.ts'
import { aPayment } from '../support/payments.ts'
import { leakingBeside } from '../support/personal/beside.ts'
import { plantsIn, suspectsIn, type Output } from '../support/personal/detector.ts'
import { isDrained } from '../support/personal/drained.ts'
import { outputsOf, outputsOfRedis, recordsOf } from '../support/personal/outputs.ts'
import { leakingPayments, type Fed, type FedPayment } from '../support/personal/payments.ts'
import { createPlanted } from '../support/personal/plants.ts'
import { connect } from '../support/redisStores.ts'
import { provenFeedback } from '../support/provenFeedback.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { aCommand, sendCommands } from '../support/sharing/cases.ts'
import { sendFeedback } from '../support/sharing/intel.ts'
import { openBeside, reportOf, type TellBeside } from '../support/toldBeside.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const read = ['payments', 'accountEvents', 'riskFeedback', 'deviceHealth', 'caseCommands'] as const
const tables = ['policyLists', 'vulnerabilities', 'threatIntel'] as const
const written = [
  'decisions',
  'audit',
  'bundles',
  'notices',
  'deadLetters',
  'intelOut',
  'intelHeld',
  'cases',
] as const satisfies readonly (keyof TopicNames)[]

describe('a whole run on records that hold card numbers, e-mail addresses and phone numbers', () => {
  const planted = createPlanted()
  let keys: string
  let redisServer: Servers
  let scene: Scene
  let processor: Processor
  let producer: Producer
  let admin: Admin
  let beside: TellBeside
  let leaking: readonly FedPayment[]
  let fedBeside: ReturnType<typeof leakingBeside>
  const dumped = new Map<keyof TopicNames, readonly RawRecord[]>()

  const feed = async (topic: keyof TopicNames, records: readonly Fed[]): Promise<void> => {
    const messages = records.map(({ key, value, headers = {} }) => ({ key, value, headers: { ...headers } }))
    await producer.send({ topic: scene.topics[topic], acks: -1, messages })
  }
  const page = async (path: string): Promise<string> => (await fetch(`${processor.url}${path}`)).text()
  const sumOf = async (metric: RegExp): Promise<number> =>
    [...(await page('/metrics')).matchAll(metric)].reduce((sum, [, count]) => sum + Number(count), 0)
  const names = (topics: readonly (keyof TopicNames)[]): readonly string[] =>
    topics.map((topic) => scene.topics[topic])

  /** What an honest day leaves behind: every topic that is written has something in it. */
  const live = async (): Promise<void> => {
    const pay = (over: Parameters<typeof aPayment>[0]) =>
      aPayment({ paymentId: ownName('pay'), occurredAt: Date.now(), ipAddress: null, ...over })
    const [hidden, told] = [pay({ accountId: 'acc-hidden' }), pay({ accountId: 'acc-told' })]
    await sendCommands({ ...scene }, [
      aCommand({
        subject: 'PAYMENT',
        subjectId: hidden.paymentId,
        embargoUntil: Date.now() + dayMs,
        note: 'a note',
      }),
    ])
    await untilTrue(() => isDrained(admin, scene.groupId, names(['caseCommands'])))
    const deviceId = ownName('device')
    await beside.report([reportOf(deviceId, [], Date.now() - 2_000), reportOf(deviceId, ['FIREWALL'])])
    await scene.paymentSwitch.send([
      hidden,
      told,
      pay({ accountId: 'acc-device', deviceId, amountMinor: 500_000 }),
      ...['mule', 'mule-2', 'landlord'].map((payeeId) => pay({ accountId: `acc-${payeeId}`, payeeId })),
      ...planted.all
        .filter(({ kind, place }) => kind !== 'card' && place === 'pattern')
        .map(({ kind, text }) =>
          pay({
            accountId: `acc-${kind}`,
            [kind === 'email' ? 'emailHash' : 'phoneHash']: hashContact(text),
          }),
        ),
    ])
    await scene.paymentSwitch.allDecided()
    await sendFeedback(
      { ...scene },
      [hidden, told].map(({ paymentId, accountId, payeeId, deviceId: device }) =>
        provenFeedback(
          scene.environment,
          aFeedback({
            feedbackId: ownName('f'),
            paymentId,
            accountId,
            payeeId,
            deviceId: device,
            knownAt: Date.now(),
          }),
        ),
      ),
    )
    await untilTrue(async () => (await recordsOf(scene.kafka, scene.topics.intelOut)).length >= 6)
    await untilTrue(async () => (await recordsOf(scene.kafka, scene.topics.intelHeld)).length >= 1)
    await untilTrue(async () => (await recordsOf(scene.kafka, scene.topics.notices)).length >= 1)
  }

  beforeAll(async () => {
    keys = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
    const sdk = await createAttester('https://sdk.example', ['SDK_REPORT'])
    writeFileSync(join(keys, 'sdk.json'), sdk.keySet)
    redisServer = await startServers({ only: 'redis' })
    scene = await openScene(
      { ...sharedServers(), redisUrl: redisServer.redisUrl },
      {
        SLUICE_SHARING_KEY: randomBytes(32).toString('hex'),
        SLUICE_ATTESTATION_KEYS_DIR: keys,
        SLUICE_ATTESTATION_AUDIENCE: audience,
        SLUICE_ATTESTATION_APPS: appName,
        SLUICE_LOG_LEVEL: 'trace',
      },
    )
    producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    admin = scene.kafka.admin()
    await Promise.all([producer.connect(), admin.connect()])
    processor = await startProcessor(scene.environment)
    beside = await openBeside(scene)

    leaking = leakingPayments(scene.schemas, planted)
    fedBeside = leakingBeside(scene.schemas, planted)
    // Tables first: what they list is what payments meet.
    for (const topic of [...tables, 'accountEvents', 'riskFeedback', 'deviceHealth', 'caseCommands'] as const)
      await feed(topic, fedBeside[topic])
    const signed = await Promise.all(
      (['osVersion', 'patchLevel', 'appVersion', 'jti', 'comment'] as const).map(async (claim) => {
        const named = { deviceId: ownName('device'), reportId: ownName('report') }
        const claims = { ...sdkClaims(named), [claim]: planted.card(`signed claim ${claim}`) }
        const body = await sdk.sign('device-health+jwt', claims, Date.now() - 1_000)
        return { named, report: reportWith(named, Date.now() - 1_000, { format: 'SDK_REPORT', body }) }
      }),
    )
    const reports = createDeviceHealthCodec(scene.schemas)
    await feed(
      'deviceHealth',
      signed.map(({ named, report }) => ({ key: named.deviceId, value: reports.encode(report) })),
    )
    await untilTrue(
      async () =>
        (await sumOf(/^sluice_intel_objects_total\{.*\} (\d+)$/gm)) >= fedBeside.threatIntel.length &&
        (await sumOf(/^sluice_table_records_total\{table="policy-lists".*\} (\d+)$/gm)) >=
          fedBeside.policyLists.length &&
        (await isDrained(admin, scene.groupId, names(['deviceHealth']))),
    )
    await feed('payments', leaking)
    await scene.paymentSwitch.send(
      signed.map(({ named: { deviceId } }) =>
        aPayment({
          paymentId: ownName('pay'),
          occurredAt: Date.now(),
          accountId: `acc-${deviceId}`,
          deviceId,
        }),
      ),
    )
    await live()
    await untilTrue(() => isDrained(admin, scene.groupId, names(read)))
    for (const topic of [...read, ...tables, ...written])
      dumped.set(topic, await recordsOf(scene.kafka, scene.topics[topic]))
  }, 240_000)

  afterAll(async () => {
    await processor.end()
    await Promise.all([producer.disconnect(), admin.disconnect(), beside.close()])
    await scene.close()
    await redisServer.close()
    rmSync(keys, { recursive: true })
  })

  const dumpOf = (topics: readonly (keyof TopicNames)[]): readonly Output[] =>
    topics.flatMap((topic) => outputsOf(dumped.get(topic) ?? []))

  it('is worth its search: the detector finds each of them where it was put', () => {
    const found = plantsIn(dumpOf([...read, ...tables]), planted.all)
    const places = new Set(found.map((each) => each.slice(0, each.lastIndexOf(' in '))))
    expect(planted.all.filter(({ kind, place }) => !places.has(`${kind} of ${place}`))).toEqual([])
    expect(suspectsIn(dumpOf([...read, ...tables])).length).toBeGreaterThan(planted.all.length / 2)
  })

  it('leaves none in any topic, nor anything that looks like one', () => {
    for (const topic of written) expect([topic, dumped.get(topic)?.length]).not.toEqual([topic, 0])
    expect(plantsIn(dumpOf(written), planted.all)).toEqual([])
    // Bundles name features, and `account.count.7d@7d` is one.
    expect(suspectsIn(dumpOf(written.filter((topic) => topic !== 'bundles')))).toEqual([])
  })

  it('meets what intelligence lists of them, and tells it as a hash at most', () => {
    const audits = createAuditCodec(scene.schemas)
    const hits = (dumped.get('audit') ?? []).flatMap(
      ({ value }) => audits.decode(value ?? Buffer.alloc(0)).intelHits,
    )
    expect(new Set(hits.map(({ subject }) => subject))).toEqual(new Set(['payee', 'email', 'phone']))
  })

  it('leaves none in a key or value of Redis', async () => {
    const redis = await connect(redisServer.redisUrl)
    const outputs = await outputsOfRedis(redis)
    redis.disconnect()
    expect(outputs.length).toBeGreaterThan(50)
    expect(plantsIn(outputs, planted.all)).toEqual([])
    expect(suspectsIn(outputs)).toEqual([])
  })

  it('leaves none in the log at its most talkative', () => {
    expect(processor.log.length).toBeGreaterThan(10)
    const outputs = processor.log.map((line, i) => ({
      where: `line ${i} of the log`,
      bytes: Buffer.from(line),
    }))
    expect(plantsIn(outputs, planted.all)).toEqual([])
    expect(suspectsIn(outputs)).toEqual([])
  })

  it('tells none over HTTP, not even to who asks for it', async () => {
    const asked = encodeURIComponent(planted.card('a path'))
    const paths = [
      '/metrics',
      '/health',
      '/health/live',
      '/health/ready',
      '/version',
      `/${asked}?card=${asked}`,
    ]
    const outputs = await Promise.all(
      paths.map(async (where) => ({ where, bytes: Buffer.from(await page(where)) })),
    )
    const told = outputs.map(({ bytes }, i) => ({ where: `answer ${i}`, bytes }))
    expect(plantsIn(told, planted.all)).toEqual([])
    expect(suspectsIn(told)).toEqual([])
    expect(plantsIn([{ where: 'log', bytes: Buffer.from(processor.log.join('\n')) }], planted.all)).toEqual(
      [],
    )
  })

  it('answers each payment whose id can be read, and says of each refused one where it came from', () => {
    const unanswered = leaking.filter(
      ({ answeredAs }) => answeredAs !== null && scene.paymentSwitch.answersTo(answeredAs).length !== 1,
    )
    expect(unanswered.map(({ headers, value }) => [headers, value?.toString('latin1')])).toEqual([])
    const letters = (dumped.get('deadLetters') ?? []).filter(
      ({ headers }) => String(headers['sluice-source-topic']) === scene.topics.payments,
    )
    expect(letters).toHaveLength(leaking.length)
    for (const { value, headers } of letters) {
      expect(value?.length ?? 0).toBe(0)
      expect(String(headers['sluice-reason'])).toMatch(/^(PAN_DETECTED|CONTACT_NOT_HASHED)$/)
      expect(Object.keys(headers).filter((name) => !name.startsWith('sluice-'))).toEqual([])
    }
  })
})
