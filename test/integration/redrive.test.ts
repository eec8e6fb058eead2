import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import { runCommand } from '../support/command.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { readTopic, type TopicReader } from '../support/topicReader.ts'
import { untilTrue } from '../support/until.ts'

/** A number that passes for a card's. */
const pan = '4111111111111111'

describe('sluice redrive', () => {
  let scene: Scene
  let processor: Processor
  let reader: TopicReader
  let letters: string[]
  beforeEach(async () => {
    scene = await openScene(sharedServers(), { SLUICE_MAX_FUTURE_MS: '1000' })
    letters = []
    reader = await readTopic(
      scene.kafka,
      scene.topics.deadLetters,
      ({ headers }) => void letters.push(String(headers?.['sluice-reason'])),
      (error) => {
        throw error
      },
    )
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await Promise.all([reader.close(), scene.close()])
  })

  const redriven = async (...options: readonly string[]): Promise<unknown> => {
    const { code, out, err } = await runCommand(['redrive', '--json', ...options], scene.environment)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    return JSON.parse(out)
  }

  it('sends each dead letter once: what is right by now is decided, what is wrong comes back, what was not kept is told', async () => {
    const payments = createPaymentCodec(scene.schemas)
    const early = aPayment({ paymentId: ownName('early'), occurredAt: Date.now() + 15_000 })
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({
      topic: scene.topics.payments,
      acks: -1,
      messages: [
        { key: early.accountId, value: payments.encode(early), headers: { terminal: '7' } },
        { key: 'account', value: 'no payment' },
        {
          key: 'account',
          value: JSON.stringify({ ...early, sessionId: pan }),
          headers: { 'content-type': 'application/json' },
        },
      ],
    })
    await producer.disconnect()
    await untilTrue(() => letters.length === 3)
    const [tooEarly, wrong, withCard] = ['TIME_IN_FUTURE', 'MALFORMED', 'PAN_DETECTED']
    expect(letters.toSorted()).toEqual([withCard, tooEarly, wrong].toSorted())

    const all = { sent: { [tooEarly]: 1, [wrong]: 1 }, kept: { BYTES_NOT_KEPT: 1 } }
    expect(await redriven('--dry-run')).toEqual({ dryRun: true, ...all })
    await untilTrue(() => Date.now() > early.occurredAt)
    expect(await redriven()).toEqual({ dryRun: false, ...all })

    await untilTrue(() =>
      scene.paymentSwitch.answersTo(early.paymentId).some(({ decision }) => decision.contentHash !== ''),
    )
    await untilTrue(() => letters.length === 4)
    expect(letters.at(-1)).toBe(wrong)
    expect(await redriven()).toEqual({ dryRun: false, sent: { [wrong]: 1 }, kept: {} })
    await untilTrue(() => letters.length === 5)
  }, 120_000)
})
