import { describe, expect, it } from 'vitest'
import {
  correlationHeader,
  createPaymentClient,
  type PaymentClientDeps,
} from '../../../src/client/paymentClient.ts'
import { createWaiting } from '../../../src/client/waiting.ts'
import type { Decision } from '../../../src/domain/decision.ts'
import type { Payment } from '../../../src/domain/payment.ts'
import { aPayment } from '../../support/payments.ts'
import { aDecision } from '../../support/simulated.ts'

/** Timers that ring when told to, in the order of their times. */
const createTimers = () => {
  const timers: { at: number; ring: () => void }[] = []
  let now = 0
  return {
    schedule: (ms: number, ring: () => void) => {
      const timer = { at: now + ms, ring }
      timers.push(timer)
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0)
    },
    pass: (ms: number) => {
      now += ms
      for (const due of timers.filter(({ at }) => at <= now)) {
        timers.splice(timers.indexOf(due), 1)
        due.ring()
      }
    },
    waiting: () => timers.length,
  }
}

const openClient = (own: Partial<PaymentClientDeps> = {}) => {
  const timers = createTimers()
  const sent: { readonly payment: Payment; readonly headers: Readonly<Record<string, string>> }[] = []
  const late: Decision[] = []
  let ids = 0
  const client = createPaymentClient({
    send: async (payment, headers) => void sent.push({ payment, headers }),
    fallback: (_, reason) => (reason === 'TIMED_OUT' ? 'STEP_UP' : 'BLOCK'),
    timeoutMs: 300,
    onLate: (decision) => late.push(decision),
    onProblem: () => undefined,
    newId: () => `call-${++ids}`,
    now: () => 1_000,
    schedule: timers.schedule,
    disconnect: async () => undefined,
    ...own,
  })
  return { client, timers, sent, late }
}

describe('the client of a payment switch', () => {
  it('gives the decision that carries the id of the call', async () => {
    const { client, sent, timers } = openClient()
    const answered = client.decide(aPayment(), { terminal: '7' })
    client.arrive('call-2', aDecision({ outcome: 'BLOCK' }))
    client.arrive('call-1', aDecision({ outcome: 'ALLOW' }))
    expect(await answered).toMatchObject({ outcome: 'ALLOW', fallback: null })
    expect(sent[0]?.headers).toEqual({ terminal: '7', [correlationHeader]: 'call-1' })
    expect(timers.waiting()).toBe(0)
  })

  it('says how long it waits, unless the payment says so itself', async () => {
    const { client, sent } = openClient()
    void client.decide(aPayment({ respondBy: null }))
    void client.decide(aPayment({ respondBy: 1_050 }))
    expect(sent.map(({ payment }) => payment.respondBy)).toEqual([1_300, 1_050])
  })

  it('falls back when no decision comes in time, and tells of one that comes later, once', async () => {
    const { client, timers, late } = openClient()
    const answered = client.decide(aPayment())
    timers.pass(299)
    timers.pass(1)
    expect(await answered).toEqual({ outcome: 'STEP_UP', decision: null, fallback: 'TIMED_OUT' })
    const decision = aDecision({ outcome: 'ALLOW' })
    client.arrive('call-1', decision)
    client.arrive('call-1', decision)
    expect(late).toEqual([decision])
  })

  it('forgets who gave up after a while', async () => {
    const { client, timers, late } = openClient()
    void client.decide(aPayment())
    timers.pass(300)
    timers.pass(600_000)
    client.arrive('call-1', aDecision())
    expect([late, timers.waiting()]).toEqual([[], 0])
  })

  it('forgets the oldest of those who gave up where they are too many: nobody may decide for long', async () => {
    const timers = createTimers()
    const late: string[] = []
    const waiting = createWaiting({
      schedule: timers.schedule,
      onLate: (correlationId) => late.push(correlationId),
      lateMs: 1_000,
      lateAtMost: 2,
    })
    const answers = ['a', 'b', 'c'].map((id) => waiting.wait(id, 10))
    timers.pass(10)
    expect(await Promise.all(answers)).toEqual([null, null, null])
    expect(timers.waiting()).toBe(2)
    for (const id of ['a', 'b', 'c']) waiting.arrive(id, aDecision())
    expect([late, timers.waiting()]).toEqual([['b', 'c'], 0])
  })

  it('falls back at once when Kafka does not take the payment', async () => {
    const { client } = openClient({ send: async () => Promise.reject(new Error('away')) })
    expect(await client.decide(aPayment())).toMatchObject({ outcome: 'BLOCK', fallback: 'NOT_SENT' })
  })

  it('refuses a payment that does not fit the contract, and waits for nothing', async () => {
    const { client, timers } = openClient({
      send: () => {
        throw new TypeError('amountMinor: expected a whole number')
      },
    })
    await expect(client.decide(aPayment())).rejects.toThrow('amountMinor')
    expect(timers.waiting()).toBe(0)
  })

  it('tells what the switch threw about a late decision, and goes on', async () => {
    const problems: unknown[] = []
    const thrown = new Error('of the switch')
    const { client, timers } = openClient({
      onLate: () => {
        throw thrown
      },
      onProblem: (problem) => problems.push(problem),
    })
    void client.decide(aPayment())
    timers.pass(300)
    client.arrive('call-1', aDecision())
    expect(problems).toEqual([thrown])
  })

  it('falls back at once when it is closed, sends nothing and leaves no timer', async () => {
    const { client, sent, timers } = openClient()
    await client.close()
    expect(await client.decide(aPayment())).toMatchObject({ outcome: 'BLOCK', fallback: 'NOT_SENT' })
    expect([sent, timers.waiting()]).toEqual([[], 0])
  })

  it('answers all who wait when it is closed', async () => {
    const { client } = openClient()
    const answered = client.decide(aPayment())
    await client.close()
    expect(await answered).toMatchObject({ fallback: 'TIMED_OUT' })
  })
})
