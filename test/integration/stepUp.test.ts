import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { FeedbackKind, RiskFeedback } from '../../src/domain/feedback.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { copyModelsWith, type NotedModels } from '../support/notedModels.ts'
import { aPayment } from '../support/payments.ts'
import { allTheSame, decidedAgain } from '../support/decidedAgain.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { sendFeedback } from '../support/sendFeedback.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { readTopic, type TopicReader } from '../support/topicReader.ts'
import { untilTrue } from '../support/until.ts'

const asked = `
  - id: asked_in_between
    when: payment.amountMinor >= 300.0 && payment.amountMinor < 1000.0
    outcome: STEP_UP
    askAgainAfter: 30d
    reason: UNUSUAL_AMOUNT
    finding: ABNORMAL_BEHAVIOUR
    owner: test
`

describe('the outcome of a step-up', () => {
  let models: NotedModels
  let scene: Scene
  let processor: Processor
  let letters: TopicReader
  const refused: { readonly reason: string; readonly topic: string }[] = []

  beforeAll(async () => {
    models = await copyModelsWith(asked)
    scene = await openScene(sharedServers(), { SLUICE_MODELS_DIR: models.folder })
    processor = await startProcessor(scene.environment)
    letters = await readTopic(
      scene.kafka,
      scene.topics.deadLetters,
      ({ headers }) =>
        refused.push({
          reason: String(headers?.['sluice-reason']),
          topic: String(headers?.['sluice-source-topic']),
        }),
      (error) => {
        throw error
      },
    )
  })
  afterAll(async () => {
    await letters.close()
    await processor.end()
    await scene.close()
    await models.remove()
  })

  type Paid = { readonly payment: Payment; readonly decision: Decision }

  const aPerson = () => ({
    accountId: ownName('acc'),
    cardToken: null,
    deviceId: null,
    ipAddress: null,
    payeeId: ownName('payee'),
    merchantId: null,
    currency: 'EUR',
    amountMinor: 500,
  })

  const pay = async (over: Partial<Payment>): Promise<Paid> => {
    const payment = aPayment({ paymentId: ownName('pay'), occurredAt: Date.now(), ...over })
    const answer = (): Decision | undefined =>
      scene.paymentSwitch.answersTo(payment.paymentId).find(({ attempt }) => attempt === payment.attempt)
        ?.decision
    await scene.paymentSwitch.send([payment])
    await untilTrue(() => answer() !== undefined)
    const decision = answer()
    if (decision === undefined) throw new Error('no decision')
    return { payment, decision }
  }

  const feedbackOn = ({ payment, decision }: Paid, kind: FeedbackKind): RiskFeedback => ({
    feedbackId: ownName('feedback'),
    paymentId: payment.paymentId,
    attempt: payment.attempt,
    occurredAt: payment.occurredAt,
    knownAt: Date.now(),
    kind,
    source: 'switch',
    feedbackMac: decision.feedbackMac,
    accountId: payment.accountId,
    cardToken: payment.cardToken,
    payeeId: payment.payeeId,
    merchantId: payment.merchantId,
    deviceId: payment.deviceId,
    ipAddress: payment.ipAddress,
  })

  const counted = async (result: string): Promise<number> => {
    const text = await (await fetch(`${processor.url}/metrics`)).text()
    const line = text.split('\n').find((each) => each.startsWith(`sluice_feedback_total{result="${result}"}`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }

  /** Resolves when the processor has taken it over, or refused it. */
  const tell = async (feedback: RiskFeedback, result: 'applied' | 'refused'): Promise<void> => {
    const before = await counted(result)
    await sendFeedback(scene, feedback)
    await untilTrue(async () => (await counted(result)) > before)
  }

  const codesOf = ({ decision }: Paid): readonly string[] => decision.reasons.map(({ code }) => code)

  it('passed: the next attempt and the same thing again are not asked, another thing is', async () => {
    const person = aPerson()
    const first = await pay(person)
    expect(first.decision.outcome).toBe('STEP_UP')
    expect(codesOf(first)).toContain('UNUSUAL_AMOUNT')
    await tell(feedbackOn(first, 'STEP_UP_PASSED'), 'applied')

    const second = await pay({ ...person, paymentId: first.payment.paymentId, attempt: 2 })
    expect([second.decision.outcome, codesOf(second)]).toEqual(['ALLOW', ['STEP_UP_CONFIRMED']])
    const again = await pay(person)
    expect([again.decision.outcome, codesOf(again)]).toEqual(['ALLOW', ['STEP_UP_CONFIRMED']])
    expect((await pay({ ...person, amountMinor: 501 })).decision.outcome).toBe('STEP_UP')
    expect((await pay({ ...person, payeeId: ownName('payee') })).decision.outcome).toBe('STEP_UP')
  })

  it('failed twice: the next payment is blocked, whatever it is', async () => {
    const person = aPerson()
    for (let n = 0; n < 2; n++) {
      const paid = await pay(person)
      expect(paid.decision.outcome).toBe('STEP_UP')
      await tell(feedbackOn(paid, 'STEP_UP_FAILED'), 'applied')
    }
    const third = await pay({ ...person, amountMinor: 1 })
    expect(third.decision.outcome).toBe('BLOCK')
    expect(codesOf(third)[0]).toBe('STEP_UP_FAILED')
  })

  it('forged: changes nothing, and lies in the dead letters', async () => {
    const person = aPerson()
    const victim = await pay(person)
    const own = await pay(aPerson())
    const genuine = feedbackOn(victim, 'STEP_UP_FAILED')
    for (const feedbackMac of [null, '00'.repeat(16), own.decision.feedbackMac]) {
      const before = refused.length
      await tell({ ...genuine, feedbackId: ownName('feedback'), feedbackMac }, 'refused')
      await untilTrue(() => refused.length > before)
    }
    const passed = { ...feedbackOn(victim, 'STEP_UP_PASSED'), feedbackMac: own.decision.feedbackMac }
    await tell(passed, 'refused')
    expect(refused.at(-1)).toEqual({
      reason: 'FEEDBACK_NOT_PROVEN',
      topic: scene.topics.riskFeedback,
    })
    const next = await pay(person)
    expect([next.decision.outcome, codesOf(next).includes('UNUSUAL_AMOUNT')]).toEqual(['STEP_UP', true])
  })

  it('is in the audit records: every decision comes out the same again', async () => {
    const again = await decidedAgain(scene.environment)
    expect(again.decisions).toBeGreaterThan(0)
    expect(again).toEqual(allTheSame(again.decisions))
  })
})
