import type { Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { DeviceReport } from '../../src/domain/deviceHealth.ts'
import type { Vulnerability } from '../../src/domain/vulnerability.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createVulnerabilityCodec } from '../../src/stream/codec/vulnerability.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'
import { aRange, aVulnerability, exploitedSince } from '../support/vulnerabilities.ts'

const dayMs = 86_400_000
const minuteMs = 60_000
/** Above what the policy lets pass from a device with a hole that is exploited. */
const amountMinor = 60_000
const rounds = 3

const kinds = {
  outdated: { platform: 'ANDROID', osVersion: '15', patchLevel: '2026-06-01' },
  patched: { platform: 'ANDROID', osVersion: '15', patchLevel: '2026-07-05' },
  other: { platform: 'IOS', osVersion: '18.4.1', patchLevel: null },
} as const
type Kind = keyof typeof kinds
/** One of each kind for each time that they pay: who pays twice in a minute is stopped for that. */
type Person = `${Kind}-${number}`
const trio = (time: number): readonly Person[] => [`outdated-${time}`, `patched-${time}`, `other-${time}`]
const everybody = Array.from({ length: 3 * rounds + 3 }, (_, time) => trio(time)).flat()
const kindOf = (person: Person): Kind => person.slice(0, person.indexOf('-')) as Kind

const exploited: Vulnerability = aVulnerability({
  cveId: 'CVE-2026-11111',
  kev: exploitedSince(Date.UTC(2026, 6, 1)),
  cvss31: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  affected: [aRange({ fixed: '2026-07-01' })],
})

describe('a vulnerability that is published', () => {
  let scene: Scene
  let processor: Processor
  let producer: Producer
  let times = 0

  const reportOf = (person: Person): DeviceReport => ({
    reportId: ownName('report'),
    deviceId: `${person}-device`,
    observedAt: Date.now() - minuteMs,
    ...kinds[kindOf(person)],
    appVersion: '7.1.0',
    readings: [],
    document: null,
  })

  const metrics = async (): Promise<string> => (await fetch(`${processor.url}/metrics`)).text()
  const says = (sample: string): Promise<void> =>
    untilTrue(async () => (await metrics()).split('\n').includes(sample))

  /** One everyday payment of each of them, from their device. */
  const pay = async (payers: readonly Person[], daysAgo = 0): Promise<readonly (Decision | undefined)[]> => {
    const payments = payers.map((person) =>
      aPayment({
        paymentId: ownName('pay'),
        accountId: person,
        deviceId: `${person}-device`,
        payeeId: `${person}-landlord`,
        ipAddress: null,
        occurredAt: Date.now() - daysAgo * dayMs,
        amountMinor,
      }),
    )
    await scene.paymentSwitch.send(payments)
    await scene.paymentSwitch.allDecided()
    return payments.map(({ paymentId }) => scene.paymentSwitch.answersTo(paymentId)[0]?.decision)
  }
  const outcomes = async (payers: readonly Person[]) =>
    (await pay(payers)).map((decision) => decision?.outcome)

  const publish = async (key: string, value: Buffer | null): Promise<void> => {
    await producer.send({ topic: scene.topics.vulnerabilities, acks: -1, messages: [{ key, value }] })
  }

  beforeAll(async () => {
    scene = await openScene(sharedServers())
    producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    processor = await startProcessor(scene.environment)
    await producer.send({
      topic: scene.topics.deviceHealth,
      acks: -1,
      messages: everybody.map((person) => ({
        key: `${person}-device`,
        value: createDeviceHealthCodec(scene.schemas).encode(reportOf(person)),
      })),
    })
    await says(`sluice_device_reports_total{result="applied"} ${everybody.length}`)
    for (let daysAgo = 25; daysAgo > 0; daysAgo -= 5) await pay(everybody, daysAgo)
  })
  afterAll(async () => {
    await producer.disconnect()
    await processor.end()
    await scene.close()
  })

  it('changes the next payment of the devices that it affects within a second, and of no other', async () => {
    const bytes = createVulnerabilityCodec(scene.schemas).encode(exploited)
    const waits: number[] = []
    for (let round = 0; round < rounds; round++) {
      expect(await outcomes(trio(times++))).toEqual(['ALLOW', 'ALLOW', 'ALLOW'])

      const publishedAt = performance.now()
      await publish(exploited.cveId, bytes)
      await says(`sluice_table_records_total{table="vulnerabilities",kind="applied"} ${round + 1}`)
      const decided = await pay(trio(times++))
      waits.push(performance.now() - publishedAt)
      expect(decided.map((decision) => decision?.outcome)).toEqual(['STEP_UP', 'ALLOW', 'ALLOW'])
      expect(decided[0]?.reasons.map(({ code }) => code)).toContain('DEVICE_VULNERABLE')
      expect(decided.flatMap((decision) => decision?.degraded ?? [])).toEqual([])

      await publish(exploited.cveId, null)
      await says(`sluice_table_records_total{table="vulnerabilities",kind="deleted"} ${round + 1}`)
      expect(await outcomes(trio(times++))).toEqual(['ALLOW', 'ALLOW', 'ALLOW'])
    }
    console.log(`published to decided otherwise, ms: ${waits.map((ms) => Math.round(ms)).join(', ')}`)
    // The fastest: the others are how busy this machine is.
    expect(Math.min(...waits)).toBeLessThan(1_000)
  })

  it('cannot be read: it is counted, nothing else changes, and the next one is taken', async () => {
    await publish('CVE-2026-22222', Buffer.from('no vulnerability'))
    await says('sluice_table_records_total{table="vulnerabilities",kind="refused"} 1')
    expect(await outcomes(trio(times++))).toEqual(['ALLOW', 'ALLOW', 'ALLOW'])
    await publish(exploited.cveId, createVulnerabilityCodec(scene.schemas).encode(exploited))
    await says('sluice_table_entries{table="vulnerabilities"} 1')
    expect(await outcomes(trio(times++))).toEqual(['STEP_UP', 'ALLOW', 'ALLOW'])
  })

  it('is known to an instance from the start, and its group goes with it', async () => {
    processor.kill('SIGTERM')
    expect(await processor.exited).toBe(0)
    const admin = scene.kafka.admin()
    await admin.connect()
    const { groups } = await admin.listGroups()
    await admin.disconnect()
    expect(groups.filter(({ groupId }) => groupId.startsWith(`${scene.groupId}-vulnerabilities`))).toEqual([])

    processor = await startProcessor(scene.environment)
    expect(await outcomes(trio(times++))).toEqual(['STEP_UP', 'ALLOW', 'ALLOW'])
  })
})
