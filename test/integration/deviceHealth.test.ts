import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { DeviceReport } from '../../src/domain/deviceHealth.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { audience, createAttester, type Attester } from '../support/attestation/attester.ts'
import {
  appName,
  playIntegrityDocument,
  reportWith,
  sdkDocument,
  securityCenterDocument,
} from '../support/attestation/documents.ts'
import { readNotices, type NoticesRead } from '../support/notices.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const page = readFileSync(new URL('../../docs/device-health.md', import.meta.url), 'utf8')

/** What the page promises of each state of the device. */
type Promised = {
  readonly device: string
  readonly outcome: string
  readonly reasons: readonly string[]
  readonly stepUp: string | null
  readonly notices: readonly string[]
  readonly level: string
}

const codes = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, code = '']) => code)

const promised: readonly Promised[] = (
  page.split('<!-- six-payments:begin -->')[1]?.split('<!-- six-payments:end -->')[0] ?? ''
)
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2)
  .map((line) => {
    const [device = '', outcome = '', reasons = '', stepUp = '', notices = '', level = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim())
    return {
      device,
      outcome: codes(outcome)[0] ?? '',
      reasons: codes(reasons),
      stepUp: codes(stepUp)[0] ?? null,
      notices: codes(notices),
      level: codes(level)[0] ?? '',
    }
  })

type Said = (sdk: Attester, deviceId: string, at: number) => Promise<readonly DeviceReport[]>

const nothing: Said = () => Promise.resolve([])

/** Everything is well, said and signed some seconds ago. */
const well: Said = async (sdk, deviceId, at) => {
  const named = { deviceId, reportId: `${deviceId}-well` }
  return [reportWith(named, at, await sdkDocument(sdk, named, at))]
}

const andThen =
  (document: (named: { deviceId: string; reportId: string }, at: number) => DeviceReport['document']): Said =>
  async (sdk, deviceId, at) => {
    const named = { deviceId, reportId: `${deviceId}-then` }
    return [...(await well(sdk, deviceId, at)), reportWith(named, at + 2_000, document(named, at + 2_000))]
  }

/** What each device of the table has reported. */
const said: Readonly<Record<string, Said>> = {
  'all is well, and signed for': well,
  'the firewall is off': andThen(() => securityCenterDocument({ firewall: 'POOR' })),
  'the antivirus has expired': andThen(() => securityCenterDocument({ antivirus: 'POOR' })),
  'the phone is rooted': andThen((named, at) =>
    playIntegrityDocument(named, at, { labels: ['MEETS_BASIC_INTEGRITY'] }),
  ),
  'somebody controls the screen': andThen((named, at) =>
    playIntegrityDocument(named, at, { apps: ['KNOWN_INSTALLED', 'UNKNOWN_CONTROLLING'] }),
  ),
  'an attestation is replayed': async (sdk, deviceId, at) => {
    const [first] = await well(sdk, deviceId, at)
    if (first === undefined) throw new Error('nothing was said')
    return [first, { ...first, reportId: `${deviceId}-again`, observedAt: at + 2_000 }]
  },
  'it never reported': nothing,
}

describe('payments that differ in nothing but the state of the device', () => {
  let scene: Scene
  let processor: Processor
  let keys: string
  let told: NoticesRead
  const decisions = new Map<string, Decision>()
  const devices = promised.map(({ device }, i) => ({ device, name: `person-${i}` }))

  const decide = async (payments: readonly Payment[]): Promise<readonly Decision[]> => {
    await scene.paymentSwitch.send(payments)
    await scene.paymentSwitch.allDecided()
    return payments.flatMap(({ paymentId }) =>
      scene.paymentSwitch.answersTo(paymentId).map(({ decision }) => decision),
    )
  }

  const transfer = (person: string, payeeId: string, amountMinor: number, daysAgo = 0): Payment =>
    aPayment({
      paymentId: ownName('pay'),
      accountId: person,
      channel: 'WEB',
      deviceId: `${person}-device`,
      payeeId,
      // Each at home: what is paid from one address by seven strangers is another story.
      ipAddress: `192.0.2.${person.replace(/\D/g, '')}`,
      occurredAt: Date.now() - daysAgo * dayMs,
      amountMinor,
    })

  const report = async (reports: readonly DeviceReport[]): Promise<void> => {
    const codec = createDeviceHealthCodec(scene.schemas)
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({
      topic: scene.topics.deviceHealth,
      acks: -1,
      messages: reports.map((each) => ({ key: each.deviceId, value: codec.encode(each) })),
    })
    await producer.disconnect()
    const applied = `sluice_device_reports_total{result="applied"} ${reports.length}`
    await untilTrue(async () => (await (await fetch(`${processor.url}/metrics`)).text()).includes(applied))
  }

  beforeAll(async () => {
    keys = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
    const sdk = await createAttester('https://sdk.example', ['SDK_REPORT'])
    writeFileSync(join(keys, 'sdk.json'), sdk.keySet)
    scene = await openScene(sharedServers(), {
      SLUICE_ATTESTATION_KEYS_DIR: keys,
      SLUICE_ATTESTATION_AUDIENCE: audience,
      SLUICE_ATTESTATION_APPS: appName,
    })
    processor = await startProcessor(scene.environment)
    told = await readNotices(scene.kafka, scene.topics, scene.schemas)
    const saidAt = Date.now() - 10_000
    const reports = await Promise.all(
      devices.map(({ device, name }) => (said[device] ?? nothing)(sdk, `${name}-device`, saidAt)),
    )
    await report(reports.flat())
    // All have lived the same life until now.
    for (let daysAgo = 30; daysAgo > 0; daysAgo -= 2)
      await decide(
        devices.flatMap(({ name }) => [
          transfer(name, `${name}-payee-${daysAgo}`, 190_000 + 1_000 * daysAgo, daysAgo),
          transfer(`${name}0`, `${name}-trader`, 30_000 + 500 * daysAgo, daysAgo),
        ]),
      )
    // To a trader whom the neighbours have paid for long, and this person has not.
    const answers = await decide(devices.map(({ name }) => transfer(name, `${name}-trader`, 200_000)))
    answers.forEach((decision, i) => decisions.set(devices[i]?.device ?? '', decision))
  }, 240_000)
  afterAll(async () => {
    await told.close()
    await processor.end()
    await scene.close()
    rmSync(keys, { recursive: true })
  })

  it('are those of the table', () => {
    expect(promised.map(({ device }) => device)).toEqual(Object.keys(said))
  })

  it.each(promised)('$device: $outcome', ({ device, outcome, reasons, stepUp, notices, level }) => {
    const decision = decisions.get(device)
    expect({
      outcome: decision?.outcome,
      reasons: decision?.reasons
        .filter(({ code, contribution }) => contribution === null && code !== 'MODEL_SCORE')
        .map(({ code }) => code),
      stepUp: decision?.stepUpMethod,
      notices: decision?.notices.map(({ code }) => code),
      level: decision?.protectionLevel,
      degraded: decision?.degraded,
    }).toEqual({ outcome, reasons, stepUp, notices, level, degraded: [] })
  })

  it.each(promised.filter(({ notices }) => notices.length > 0))(
    '$device: the person is told on the topic',
    async ({ device, notices }) => {
      const name = devices.find((each) => each.device === device)?.name ?? ''
      const toldOf = () => [...told.to(name), ...told.to(`${name}-device`)].map(({ code }) => code)
      await untilTrue(() => notices.every((code) => toldOf().includes(code)))
    },
  )

  it('were counted by format and result', async () => {
    const metrics = await (await fetch(`${processor.url}/metrics`)).text()
    for (const line of [
      'sluice_device_documents_total{format="SDK_REPORT",result="VERIFIED"} 6',
      'sluice_device_documents_total{format="SDK_REPORT",result="REPLAYED"} 1',
      'sluice_device_documents_total{format="PLAY_INTEGRITY",result="VERIFIED"} 2',
      'sluice_device_documents_total{format="WINDOWS_SECURITY_CENTER",result="SELF_REPORTED"} 2',
    ])
      expect(metrics).toContain(line)
  })
})
