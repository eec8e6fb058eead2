import kafkajs, { type Message, type Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

/** A stream that Snappy could have made: the length, and then the bytes as they are, as one literal of less than 64 KiB. */
const asSnappy = (bytes: Buffer): Buffer => {
  const length = Buffer.from([
    (bytes.length & 0x7f) | 0x80,
    ((bytes.length >> 7) & 0x7f) | 0x80,
    bytes.length >> 14,
  ])
  const literal = Buffer.from([0xf4, (bytes.length - 1) & 0xff, (bytes.length - 1) >> 8])
  return Buffer.concat([length, literal, bytes])
}

describe('what a sender may put beside a record', () => {
  let scene: Scene
  let processor: Processor
  let producer: Producer
  beforeAll(async () => {
    scene = await openScene(sharedServers(), {
      SLUICE_REDIS_TIMEOUT_MS: '5000',
      SLUICE_DEADLINE_MS: '20000',
    })
    processor = await startProcessor(scene.environment)
    producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
  })
  afterAll(async () => {
    await producer.disconnect()
    await processor.end()
    await scene.close()
  })

  const paid = (paymentId: string, headers: Message['headers'], accountId = 'acc-1'): Message => ({
    key: accountId,
    partition: 0,
    value: createPaymentCodec(scene.schemas).encode(
      aPayment({ paymentId, accountId, occurredAt: Date.now() }),
    ),
    ...(headers === undefined ? {} : { headers }),
  })
  const send = (topic: string, messages: readonly Message[]) =>
    producer.send({ topic, acks: -1, messages: [...messages] })
  const answered = (paymentId: string): Promise<void> =>
    untilTrue(async () => {
      await processor.isReady()
      return scene.paymentSwitch.answersTo(paymentId).length > 0
    })

  it('headers as large as a record may be are not given back, and stop nobody', async () => {
    const id = ownName('pay')
    await send(scene.topics.payments, [paid(id, { trace: 'x'.repeat(1_048_200) })])
    await answered(id)
    const after = ownName('pay')
    await send(scene.topics.payments, [paid(after, {})])
    await answered(after)
    expect(scene.paymentSwitch.answersTo(id)[0]?.decision.reasons).toMatchObject([
      { code: 'INVALID_PAYMENT' },
    ])
  })

  it('many payments with some kilobytes of headers each are answered', async () => {
    const ids = Array.from({ length: 62 }, () => ownName('pay'))
    await send(
      scene.topics.payments,
      ids.map((id) => paid(id, { trace: 'x'.repeat(16_500) })),
    )
    for (const id of ids) await answered(id)
  })

  it('a key as large as a record may be', async () => {
    const id = ownName('pay')
    await send(scene.topics.payments, [
      { key: Buffer.alloc(1_048_300, 120), partition: 0, value: null, headers: { 'payment-id': id } },
    ])
    await answered(id)
  })

  it('many small records of a side topic that are refused', async () => {
    await send(
      scene.topics.deviceHealth,
      Array.from({ length: 20_000 }, () => ({ key: 'dev-1', partition: 0, value: 'garbage' })),
    )
    const refused = async (): Promise<boolean> => {
      await processor.isReady()
      const text = await (await fetch(`${processor.url}/metrics`)).text()
      return /^sluice_device_reports_total\{result="refused"\} 20000$/m.test(text)
    }
    await untilTrue(refused)
  })

  // Before the next one, as the checker cannot read that either.
  it('and the checker finds nothing wrong with all of that', async () => {
    expect(await scene.checked()).toMatchObject(nothingWrong)
  })

  it('records that a sender compressed in a way that kafkajs cannot read', async () => {
    const { CompressionCodecs, CompressionTypes } = kafkajs
    CompressionCodecs[CompressionTypes.Snappy] = () => ({
      compress: (encoder: { readonly buffer: Buffer }) => Promise.resolve(asSnappy(encoder.buffer)),
      decompress: () => Promise.reject(new Error('nobody here reads it')),
    })
    const id = ownName('pay')
    await producer.send({
      topic: scene.topics.payments,
      acks: -1,
      compression: CompressionTypes.Snappy,
      messages: [paid(id, {})],
    })
    await answered(id)
  })
})
