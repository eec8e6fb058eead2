import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 20

/** The partitions of which an instance tells the lag. */
const lagsOf = async ({ url }: Processor): Promise<readonly number[]> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  return [...text.matchAll(/^sluice_consumer_lag_records\{partition="(\d+)"\}/gm)].map(([, partition]) =>
    Number(partition),
  )
}

describe('partitions that change hands', () => {
  let scene: Scene
  let processors: Processor[]
  const startAnother = async (): Promise<Processor> => {
    const processor = await startProcessor(scene.environment)
    processors.push(processor)
    return processor
  }
  beforeEach(async () => {
    processors = []
    scene = await openScene(sharedServers(), {
      SLUICE_DEADLINE_MS: '20000',
      SLUICE_REDIS_TIMEOUT_MS: '10000',
      // A busy machine is no instance that died.
      SLUICE_SESSION_TIMEOUT_MS: '30000',
    })
  })
  afterEach(async () => {
    await Promise.all(processors.map((each) => each.end()))
    await scene.close()
  })

  it('each instance tells the lag of its own, and each payment has one answer', async () => {
    const { paymentSwitch } = scene
    const first = await startAnother()
    const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('two')))
    await untilTrue(async () => (await lagsOf(first)).length === 4)
    const second = await startAnother()
    await untilTrue(async () => {
      const [some, others] = [await lagsOf(first), await lagsOf(second)]
      return some.length === 2 && others.length === 2 && new Set([...some, ...others]).size === 4
    })
    await stream.stop()
    await paymentSwitch.allDecided()
    const { sent, decided, missing, conflicting } = paymentSwitch.verdict()
    expect({ decided, missing, conflicting }).toEqual({ decided: sent, missing: [], conflicting: [] })
    expect(await scene.checked()).toMatchObject(nothingWrong)
  }, 120_000)

  it('new partitions of payments and decisions are read and written soon', async () => {
    const processor = await startAnother()
    const admin = scene.kafka.admin()
    await admin.connect()
    for (const topic of [scene.topics.decisions, scene.topics.payments])
      await admin.createPartitions({ topicPartitions: [{ topic, count: 6 }] })
    await admin.disconnect()

    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    const payments = createPaymentCodec(scene.schemas)
    const ids = Array.from({ length: 6 }, () => ownName('grown'))
    await producer.send({
      topic: scene.topics.payments,
      acks: -1,
      messages: ids.map((paymentId, partition) => {
        const payment = aPayment({ paymentId, occurredAt: Date.now() })
        return { partition, key: payment.accountId, value: payments.encode(payment) }
      }),
    })
    await producer.disconnect()
    await untilTrue(async () => (await lagsOf(processor)).length === 6)
  }, 120_000)
})
