import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createDecisionCodec } from '../../src/stream/codec/decision.ts'
import { createPaymentCodec } from '../../src/stream/codec/payment.ts'
import type { Findings } from '../checker/verdict.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor } from '../support/processor.ts'
import { runChecker } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { aDecision } from '../support/simulated.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const deadlineMs = 60_000
const sound = {
  missing: [],
  contradictory: [],
  duplicates: 0,
  unasked: [],
  disordered: [],
  unflagged: [],
  misflagged: [],
  heldUp: 0,
}

describe('the checker', () => {
  let scene: Scene
  beforeEach(async () => {
    scene = await openScene(sharedServers(), { SLUICE_DEADLINE_MS: String(deadlineMs) })
  })
  afterEach(() => scene.close())

  const found = (): Promise<Findings> =>
    runChecker({
      brokers: sharedServers().brokers,
      prefix: scene.environment.SLUICE_TOPIC_PREFIX ?? '',
      deadlineMs,
    })

  /** Payments of one account, and what somebody answered: made up, so that it may be wrong. */
  const produce = async (
    payments: readonly Payment[],
    decisions: readonly (Decision & { readonly answers?: number })[],
  ): Promise<void> => {
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    const [encodePayment, encodeDecision] = [
      createPaymentCodec(scene.schemas).encode,
      createDecisionCodec(scene.schemas).encode,
    ]
    await producer.send({
      topic: scene.topics.payments,
      messages: payments.map((each) => ({ partition: 0, value: encodePayment(each) })),
    })
    await producer.send({
      topic: scene.topics.decisions,
      messages: decisions.map(({ answers, ...each }) => ({
        partition: 0,
        value: encodeDecision(each),
        ...(answers === undefined ? {} : { headers: { 'sluice-source-offset': String(answers) } }),
      })),
    })
    await producer.disconnect()
  }

  const twoPayments = ['one', 'two'].map((paymentId) => aPayment({ paymentId, accountId: 'account' }))
  const answer = (paymentId: string, own: Partial<Decision> = {}): Decision =>
    aDecision({ paymentId, attempt: 1, contentHash: '00000000000000aa', ...own })
  const [one, two] = [answer('one'), answer('two')]
  const overdue = { respondBy: Date.now() - 1_000 }

  it.each<{
    fault: string
    payments?: readonly Payment[]
    decisions: readonly (Decision & { readonly answers?: number })[]
    expected: object
  }>([
    { fault: 'nothing', decisions: [one, two], expected: {} },
    { fault: 'a payment without an answer', decisions: [one], expected: { missing: ['two/1'] } },
    {
      fault: 'two different answers',
      decisions: [one, two, answer('two', { outcome: 'BLOCK' })],
      expected: { contradictory: ['two/1'] },
    },
    {
      fault: 'two outcomes for contents of which there is one',
      decisions: [one, two, answer('two', { contentHash: '00000000000000bb' })],
      expected: { contradictory: ['two/1'] },
    },
    {
      fault: 'an answer given twice',
      decisions: [one, one, two],
      expected: { duplicates: 1, repeated: [expect.stringContaining(' at ')] },
    },
    {
      fault: 'a payment sent twice and answered once',
      payments: [...twoPayments, ...twoPayments.slice(1)],
      decisions: [one, two],
      expected: { missing: ['two/1'] },
    },
    {
      fault: 'the answer to one of two records of a payment given twice',
      payments: [...twoPayments, ...twoPayments.slice(1)],
      decisions: [
        { ...one, answers: 0 },
        { ...two, answers: 1 },
        { ...two, answers: 1 },
      ],
      expected: { missing: ['two/1'] },
    },
    {
      fault: 'the old answer given to an id that is used for another content',
      payments: [...twoPayments, { ...aPayment({ paymentId: 'two', accountId: 'account' }), amountMinor: 7 }],
      decisions: [
        { ...one, answers: 0 },
        { ...two, answers: 1 },
        { ...two, answers: 2 },
      ],
      expected: { contradictory: ['two/1'] },
    },
    {
      fault: 'an answer to what nobody sent',
      decisions: [one, two, answer('three')],
      expected: { unasked: ['three/1'] },
    },
    {
      fault: 'answers of one account in another order',
      decisions: [two, one],
      expected: { disordered: ['two/1'] },
    },
    {
      fault: 'an answer after the deadline',
      payments: twoPayments.map((payment) => ({ ...payment, ...overdue })),
      decisions: [
        answer('one', { decidedAt: Date.now() }),
        answer('two', { decidedAt: Date.now(), late: true }),
      ],
      expected: { unflagged: ['one/1'] },
    },
    {
      fault: 'an answer in time that says that it was late',
      decisions: [one, answer('two', { decidedAt: 1, late: true })],
      expected: { misflagged: ['two/1'] },
    },
    {
      fault: 'an answer that was decided in time and written after it',
      payments: twoPayments.map((payment) => ({ ...payment, ...overdue })),
      decisions: [
        answer('one', { decidedAt: overdue.respondBy }),
        answer('two', { decidedAt: Date.now(), late: true }),
      ],
      expected: { unflagged: [], heldUp: 1 },
    },
  ])(
    'finds $fault',
    async ({ payments = twoPayments, decisions, expected }) => {
      await produce(payments, decisions)
      expect(await found()).toMatchObject({ ...sound, ...expected })
    },
    60_000,
  )

  it('finds nothing wrong with a real run', async () => {
    const processor = await startProcessor(scene.environment)
    const { paymentSwitch } = scene
    const stream = paymentSwitch.sendSteadily(100, steadyPayments(ownName('checked')))
    await paymentSwitch.decidedMore(300)
    await stream.stop()
    await paymentSwitch.allDecided()
    await processor.end()
    const sent = paymentSwitch.sentCount()
    expect(await found()).toEqual({ ...sound, repeated: [], sent, answered: sent })
  }, 120_000)
})
