import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectPaymentClient, type PaymentClient } from '../../src/compose/client.kafka.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'

describe('sluice/client', () => {
  let scene: Scene
  let client: PaymentClient
  let processor: Processor | null
  const problems: unknown[] = []
  beforeEach(async () => {
    processor = null
    const servers = sharedServers()
    scene = await openScene(servers)
    client = await connectPaymentClient({
      brokers: [servers.brokers],
      topicPrefix: scene.environment.SLUICE_TOPIC_PREFIX ?? '',
      fallback: () => 'STEP_UP',
      timeoutMs: 20_000,
      onProblem: (problem) => problems.push(problem),
      onCrash: (error) => problems.push(error),
    })
  })
  afterEach(async () => {
    await client.close()
    await processor?.end()
    await scene.close()
    expect(problems).toEqual([])
  })

  it('sends payments and gives each its decision; one sent twice gets the same answer twice', async () => {
    processor = await startProcessor(scene.environment)
    const payments = Array.from({ length: 20 }, () =>
      aPayment({ paymentId: ownName('client'), occurredAt: Date.now() }),
    )
    const answers = await Promise.all(payments.map((payment) => client.decide(payment)))
    expect(answers.map(({ decision }) => decision?.paymentId)).toEqual(
      payments.map(({ paymentId }) => paymentId),
    )
    const [first] = payments
    if (first === undefined) throw new Error('no payment')
    const respondBy = Date.now() + 20_000
    const once = await client.decide({ ...first, paymentId: `${first.paymentId}-again`, respondBy })
    const twice = await client.decide({ ...first, paymentId: `${first.paymentId}-again`, respondBy })
    expect(twice.decision).toEqual(once.decision)
    expect(once.decision?.late).toBe(false)
  }, 120_000)

  it('refuses what does not fit the contract instead of falling back', async () => {
    const payment = aPayment({ paymentId: ownName('wrong'), occurredAt: Date.now() })
    await expect(client.decide({ ...payment, amountMinor: 1.5 })).rejects.toThrow('amountMinor')
    await expect(client.decide({ ...payment, accountId: '4111111111111111' })).rejects.toThrow('accountId')
  }, 60_000)

  it('falls back while nobody decides', async () => {
    await client.close()
    client = await connectPaymentClient({
      brokers: [sharedServers().brokers],
      topicPrefix: scene.environment.SLUICE_TOPIC_PREFIX ?? '',
      fallback: (_, reason) => (reason === 'TIMED_OUT' ? 'BLOCK' : 'ALLOW'),
      timeoutMs: 200,
      onCrash: (error) => problems.push(error),
    })
    const answered = await client.decide(aPayment({ paymentId: ownName('alone'), occurredAt: Date.now() }))
    expect(answered).toEqual({ outcome: 'BLOCK', decision: null, fallback: 'TIMED_OUT' })
  }, 60_000)
})
