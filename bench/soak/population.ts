import type { AccountEventKind } from '../../src/domain/accountEvent.ts'
import type { FeedbackKind } from '../../src/domain/feedback.ts'
import type { Happening } from '../../src/domain/happening.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'
import { createRng } from '../../src/offline/simulator/rng.ts'

/** What happens, with what becomes of it where it is a payment. */
export type Moment =
  | { readonly at: number; readonly received: Received; readonly outcome: Outcome }
  | { readonly at: number; readonly happening: Happening }

export type PopulationOptions = {
  readonly accounts: number
  readonly seed: number
  /** Epoch ms at which day 0 begins. */
  readonly startAt: number
}

/** The same accounts, cards, devices, addresses, payees and merchants for ever. */
export type Population = {
  /** What happens on the day after the one asked for before, in time order. */
  readonly nextDay: () => readonly Moment[]
}

const dayMs = 86_400_000

/** Means of an account, by turns: from one that pays every other day to a shop's own. */
const paymentsADay = [0.5, 1, 3, 8, 20] as const
const loginsADay = 1
const failedLoginShare = 0.1
const blockedShare = 0.02
const stepUpShare = 0.05
const fraudShare = 0.005
const fraudKnownAfterMs = 3 * dayMs

const partitions = 12

const rareEvents: readonly AccountEventKind[] = ['PASSWORD_CHANGED', 'PAYEE_ADDED', 'CONTACT_CHANGED']
const rareEventsADay = 0.05

export const createPopulation = ({ accounts, seed, startAt }: PopulationOptions): Population => {
  const rng = createRng(seed)
  const people = Array.from({ length: accounts }, (_, i) => i)
  const offsets = new Map<string, number>()
  let labels: Moment[] = []
  let day = 0
  let payments = 0
  let notes = 0

  const nextOffset = (topic: string, partition: number): number => {
    const key = `${topic} ${partition}`
    const offset = offsets.get(key) ?? 0
    offsets.set(key, offset + 1)
    return offset
  }

  const paymentOf = (person: number, at: number): Payment => ({
    paymentId: `payment-${payments++}`,
    attempt: 1,
    occurredAt: at,
    amountMinor: Math.max(1, Math.round(rng.logNormal(2_500, 1))),
    currency: 'EUR',
    channel: 'APP',
    method: 'CARD',
    accountId: `account-${person}`,
    cardToken: `card-${person}`,
    payeeId: `payee-${rng.below(Math.ceil(accounts / 10))}`,
    merchantId: `merchant-${rng.below(Math.ceil(accounts / 20))}`,
    mcc: '5411',
    deviceId: `device-${person}`,
    sessionId: null,
    ipAddress: `10.0.${(person >>> 9) & 255}.${(person >>> 1) & 255}`,
    emailHash: null,
    phoneHash: null,
    country: 'DE',
    latitude: null,
    longitude: null,
    authMethods: null,
    respondBy: null,
  })

  const receivedOf = (payment: Payment, person: number): Received => {
    const partition = person % partitions
    const offset = nextOffset('payments', partition)
    return {
      payment,
      source: { topic: 'payments', partition, offset, timestamp: payment.occurredAt, headers: {} },
      effectiveAt: payment.occurredAt,
      contentHash: payments.toString(16).padStart(16, '0'),
      enteredAt: 0,
    }
  }

  const feedbackOn = (payment: Payment, person: number, kind: FeedbackKind, knownAt: number): Moment => {
    const partition = person % partitions
    return {
      at: knownAt,
      happening: {
        kind: 'feedback',
        partition,
        offset: nextOffset('risk-feedback', partition),
        cameAt: knownAt,
        feedback: {
          ...payment,
          feedbackId: `feedback-${notes++}`,
          occurredAt: payment.occurredAt,
          knownAt,
          kind,
          source: 'soak',
          feedbackMac: null,
        },
      },
    }
  }

  const eventOf = (person: number, at: number, kind: AccountEventKind): Moment => {
    const partition = person % partitions
    return {
      at,
      happening: {
        kind: 'accountEvent',
        partition,
        offset: nextOffset('account-events', partition),
        cameAt: at,
        event: {
          eventId: `event-${notes++}`,
          occurredAt: at,
          kind,
          accountId: `account-${person}`,
          deviceId: `device-${person}`,
          ipAddress: null,
          payeeId: null,
        },
      },
    }
  }

  const outcomeOf = (): Outcome => {
    const drawn = rng.next()
    if (drawn < blockedShare) return 'BLOCK'
    return drawn < blockedShare + stepUpShare ? 'STEP_UP' : 'ALLOW'
  }

  const pay = (person: number, at: number): readonly Moment[] => {
    const payment = paymentOf(person, at)
    const outcome = outcomeOf()
    const paid: Moment = { at, received: receivedOf(payment, person), outcome }
    if (rng.chance(fraudShare))
      labels.push(feedbackOn(payment, person, 'FRAUD_CONFIRMED', at + fraudKnownAfterMs))
    if (outcome !== 'STEP_UP') return [paid]
    const kind = rng.chance(0.8) ? 'STEP_UP_PASSED' : 'STEP_UP_FAILED'
    return [paid, feedbackOn(payment, person, kind, at + 60_000)]
  }

  const times = (mean: number, from: number): readonly number[] =>
    Array.from({ length: rng.poisson(mean) }, () => from + Math.floor(rng.next() * dayMs))

  const liveOne = (person: number, from: number): readonly Moment[] => [
    ...times(paymentsADay[person % paymentsADay.length] ?? 1, from).flatMap((at) => pay(person, at)),
    ...times(loginsADay, from).map((at) =>
      eventOf(person, at, rng.chance(failedLoginShare) ? 'LOGIN_FAILED' : 'LOGIN_SUCCEEDED'),
    ),
    ...times(rareEventsADay, from).map((at) => eventOf(person, at, rng.pick(rareEvents))),
  ]

  return {
    nextDay: () => {
      const from = startAt + day++ * dayMs
      const moments = people.flatMap((person) => liveOne(person, from))
      const isDue = ({ at }: Moment): boolean => at < from + dayMs
      const due = labels.filter(isDue)
      labels = labels.filter((label) => !isDue(label))
      return [...moments, ...due].toSorted((a, b) => a.at - b.at)
    },
  }
}
