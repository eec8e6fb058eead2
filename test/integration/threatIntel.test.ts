import type { Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { stixIndicator } from '../support/intel/indicators.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const codesOf = (decision: Decision | undefined) => decision?.reasons.map(({ code }) => code) ?? []

describe('an indicator that is published', () => {
  let scene: Scene
  let processor: Processor
  let producer: Producer
  let published = 0
  let paid = 0

  const says = (sample: string): Promise<void> =>
    untilTrue(async () =>
      (await (await fetch(`${processor.url}/metrics`)).text()).split('\n').includes(sample),
    )

  /** Somebody new each time: who pays twice in a minute is stopped for that. */
  const pay = async (over: Partial<Payment>): Promise<Decision | undefined> => {
    const payment = aPayment({
      paymentId: ownName('pay'),
      accountId: `account-${paid++}`,
      deviceId: null,
      payeeId: 'landlord',
      ipAddress: null,
      occurredAt: Date.now(),
      amountMinor: 900,
      ...over,
    })
    await scene.paymentSwitch.send([payment])
    await scene.paymentSwitch.allDecided()
    return scene.paymentSwitch.answersTo(payment.paymentId)[0]?.decision
  }

  /** Resolves when the processor has it. */
  const publish = async (key: string, object: object | null): Promise<void> => {
    const value = object === null ? null : Buffer.from(JSON.stringify(object))
    await producer.send({ topic: scene.topics.threatIntel, acks: -1, messages: [{ key, value }] })
    published++
    await untilTrue(async () => {
      const text = await (await fetch(`${processor.url}/metrics`)).text()
      const counted = [...text.matchAll(/^sluice_intel_objects_total\{result="\w+"\} (\d+)$/gm)]
      return counted.reduce((sum, [, count]) => sum + Number(count), 0) === published
    })
  }

  beforeAll(async () => {
    scene = await openScene(sharedServers())
    producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    processor = await startProcessor(scene.environment)
    for (const daysAgo of [20, 10]) await pay({ occurredAt: Date.now() - daysAgo * dayMs })
  })
  afterAll(async () => {
    await producer.disconnect()
    await processor.end()
    await scene.close()
  })

  it('changes the next payment to the payee, and revoking it changes it back', async () => {
    const indicator = stixIndicator("[x-sluice-payee:value = 'mule']", { confidence: 90 })
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'ALLOW', degraded: [] })

    await publish(indicator.id, indicator)
    const listed = await pay({ payeeId: 'mule' })
    expect(listed).toMatchObject({ outcome: 'BLOCK', degraded: [] })
    expect(codesOf(listed)).toContain('KNOWN_BAD_PAYEE')
    expect(await pay({ payeeId: 'another' })).toMatchObject({ outcome: 'ALLOW' })

    await publish(indicator.id, { ...indicator, revoked: true, modified: '2026-01-02T00:00:00.000Z' })
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'ALLOW', degraded: [] })
    // The version before the revocation comes late.
    await publish(indicator.id, indicator)
    expect(await pay({ payeeId: 'mule' })).toMatchObject({ outcome: 'ALLOW' })
  })

  it('lists a network, until it is deleted from the topic', async () => {
    const from = { ipAddress: '203.0.113.77', amountMinor: 20_000 }
    const indicator = stixIndicator("[ipv4-addr:value ISSUBSET '203.0.113.0/24']")
    await publish(indicator.id, indicator)
    const listed = await pay(from)
    expect(codesOf(listed)).toContain('KNOWN_BAD_SOURCE')
    expect(listed).toMatchObject({ outcome: 'STEP_UP' })
    await publish(indicator.id, null)
    expect(codesOf(await pay(from))).not.toContain('KNOWN_BAD_SOURCE')
  })

  it('cannot be read or compiled: it is counted, and the next one is taken', async () => {
    await publish('indicator--x', { type: 'indicator', id: 'indicator--x', pattern: '['.repeat(60_000) })
    await says('sluice_intel_objects_total{result="invalid"} 1')
    const matching = stixIndicator("[domain-name:value MATCHES '(a+)+$']")
    await publish(matching.id, matching)
    await says('sluice_intel_not_compiled_total{reason="OPERATOR"} 1')
    const good = stixIndicator("[x-sluice-payee:value = 'mule-2']")
    await publish(good.id, good)
    const listed = await pay({ payeeId: 'mule-2' })
    expect(listed).toMatchObject({ outcome: 'STEP_UP' })
    expect(codesOf(listed)).toContain('KNOWN_BAD_PAYEE')
  })
})
