import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccountEventCodec } from '../../src/stream/codec/accountEvent.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { aFeedback, anAccountEvent } from '../support/happenings.ts'
import { copyNotedModels, type NotedModels } from '../support/notedModels.ts'
import { aPayment } from '../support/payments.ts'
import { provenFeedback } from '../support/provenFeedback.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

describe('what is told beside payments', () => {
  let models: NotedModels
  let scene: Scene
  let processor: Processor
  let audits: Audits

  beforeAll(async () => {
    models = await copyNotedModels()
    scene = await openScene(sharedServers(), { SLUICE_MODELS_DIR: models.folder })
    processor = await startProcessor(scene.environment)
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
  })
  afterAll(async () => {
    await audits.close()
    await processor.end()
    await scene.close()
    await models.remove()
  })

  const person = {
    accountId: ownName('acc'),
    deviceId: null,
    ipAddress: null,
    payeeId: ownName('payee'),
  }

  const pay = async () => {
    const payment = aPayment({ ...person, paymentId: ownName('pay'), occurredAt: Date.now() })
    await scene.paymentSwitch.send([payment])
    await scene.paymentSwitch.allDecided()
    const { features, decision } = await audits.of(payment.paymentId)
    const valueOf = (name: string): number | undefined => features[models.names.indexOf(name)]
    return {
      payment,
      outcome: decision.outcome,
      frauds: valueOf('account.fraud_count.7d'),
      failedLogins: valueOf('account.login_failed.1h'),
    }
  }

  const publish = async (topic: string, values: readonly Buffer[]): Promise<void> => {
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({
      topic,
      acks: -1,
      messages: values.map((value) => ({ key: person.accountId, value })),
    })
    await producer.disconnect()
  }

  const metricsSay = (sample: string): Promise<void> =>
    untilTrue(async () =>
      (await (await fetch(`${processor.url}/metrics`)).text()).split('\n').includes(sample),
    )

  it('a label and failed log-ins change the features of the next payment, and its outcome', async () => {
    const before = await pay()
    expect(before).toMatchObject({ frauds: 0, failedLogins: 0 })
    expect(before.outcome).not.toBe('BLOCK')

    const { paymentId, occurredAt } = before.payment
    const label = provenFeedback(
      scene.environment,
      aFeedback({ ...person, paymentId, occurredAt, knownAt: Date.now() }),
    )
    const failed = [1, 2].map((n) =>
      anAccountEvent({ ...person, eventId: ownName(`event-${n}`), occurredAt: Date.now() }),
    )
    const garbage = Buffer.from('no feedback')
    await publish(scene.topics.riskFeedback, [createRiskFeedbackCodec(scene.schemas).encode(label), garbage])
    await publish(scene.topics.accountEvents, failed.map(createAccountEventCodec(scene.schemas).encode))
    await metricsSay('sluice_feedback_total{result="applied"} 1')
    await metricsSay('sluice_feedback_total{result="refused"} 1')
    await metricsSay('sluice_account_events_total{result="applied"} 2')

    expect(await pay()).toMatchObject({ frauds: 1, failedLogins: 2, outcome: 'BLOCK' })
  })
})
