import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision, StepUpMethod } from '../../src/domain/decision.ts'
import { deviceSignals, type DeviceReport, type DeviceSignal } from '../../src/domain/deviceHealth.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const minuteMs = 60_000

/** What somebody who controls the screen sees, or can answer himself. */
const seenByAttacker: readonly StepUpMethod[] = ['PASSKEY', 'PUSH', 'TOTP', 'SMS_CODE']

const reportOf = (deviceId: string, unhealthy: readonly DeviceSignal[]): DeviceReport => {
  const observedAt = Date.now() - minuteMs
  return {
    reportId: ownName('report'),
    deviceId,
    observedAt,
    platform: 'ANDROID',
    osVersion: '15',
    patchLevel: '2026-06-01',
    appVersion: '7.1.0',
    readings: deviceSignals.map((signal) => ({
      signal,
      state: unhealthy.includes(signal) ? 'UNHEALTHY' : 'HEALTHY',
      source: 'app',
      attested: true,
      observedAt,
      expiresAt: observedAt + dayMs,
    })),
    document: null,
  }
}

describe('a payment from a device that somebody else controls', () => {
  let scene: Scene
  let processor: Processor

  const send = async (payments: readonly Payment[]): Promise<readonly Decision[]> => {
    await scene.paymentSwitch.send(payments)
    await scene.paymentSwitch.allDecided()
    return payments.flatMap(({ paymentId }) =>
      scene.paymentSwitch.answersTo(paymentId).map(({ decision }) => decision),
    )
  }

  /** An everyday transfer of this person, from the device of the same name, `daysAgo`. */
  const transfer = (person: string, payeeId: string, daysAgo = 0): Payment =>
    aPayment({
      paymentId: ownName('pay'),
      accountId: person,
      deviceId: `${person}-device`,
      payeeId,
      occurredAt: Date.now() - daysAgo * dayMs,
      amountMinor: 2_000,
    })

  /** Reports what the device of each person says, and resolves when the processor has taken the reports over. */
  const report = async (people: Readonly<Record<string, readonly DeviceSignal[]>>): Promise<void> => {
    const codec = createDeviceHealthCodec(scene.schemas)
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({
      topic: scene.topics.deviceHealth,
      acks: -1,
      messages: Object.entries(people).map(([person, unhealthy]) => ({
        key: `${person}-device`,
        value: codec.encode(reportOf(`${person}-device`, unhealthy)),
      })),
    })
    await producer.disconnect()
    const applied = `sluice_device_reports_total{result="applied"} ${Object.keys(people).length}`
    await untilTrue(async () => (await (await fetch(`${processor.url}/metrics`)).text()).includes(applied))
  }

  beforeAll(async () => {
    scene = await openScene(sharedServers())
    processor = await startProcessor(scene.environment)
    await report({ victim: ['REMOTE_ACCESS'], healthy: [] })
    // The two have lived the same life until now.
    for (let daysAgo = 25; daysAgo > 0; daysAgo -= 5)
      await send(['victim', 'healthy'].map((person) => transfer(person, `${person}-landlord`, daysAgo)))
  })
  afterAll(async () => {
    await processor.end()
    await scene.close()
  })

  it('to somebody who was paid before: asked in a way that the attacker does not see', async () => {
    const [victim, healthy] = await send([
      transfer('victim', 'victim-landlord'),
      transfer('healthy', 'healthy-landlord'),
    ])
    expect(healthy).toMatchObject({ outcome: 'ALLOW', degraded: [] })
    expect(victim).toMatchObject({ outcome: 'STEP_UP', degraded: [] })
    expect(seenByAttacker).not.toContain(victim?.stepUpMethod)
    expect(victim?.reasons.map(({ code }) => code)).toContain('REMOTE_CONTROL')
    expect(victim?.notices).not.toEqual([])
  })

  it('to somebody new: not allowed, and the same from a healthy device is', async () => {
    const payee = ownName('new-payee')
    const [victim, healthy] = await send([transfer('victim', payee), transfer('healthy', payee)])
    expect(healthy).toMatchObject({ outcome: 'ALLOW', degraded: [] })
    expect(victim).toMatchObject({ outcome: 'BLOCK', stepUpMethod: null, degraded: [] })
  })
})
