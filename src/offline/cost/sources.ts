import type { Happening } from '../../domain/happening.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Received } from '../../domain/received.ts'
import { events } from '../simulator/events.ts'
import { createWorld } from '../simulator/world.ts'

/** A payment or something beside it, in time order. */
export type Arrived = { readonly received: Received } | { readonly happening: Happening }

export type CostSource = {
  /** What histories are made of, for people and programs. */
  readonly of:
    | { readonly kind: 'simulated'; readonly accounts: number; readonly days: number }
    | { readonly kind: 'records'; readonly records: number; readonly payers: number }
  readonly arrivals: () => Iterable<Arrived>
}

const receivedOf = (payment: Payment, offset: number): Received => ({
  payment,
  source: { topic: 'payments', partition: 0, offset, timestamp: payment.occurredAt, headers: {} },
  effectiveAt: payment.occurredAt,
  contentHash: offset.toString(16).padStart(16, '0'),
  enteredAt: 0,
})

const dayMs = 86_400_000
const startAt = Date.UTC(2025, 0, 1)

function* simulatedArrivals(accounts: number, days: number): Generator<Arrived, void, undefined> {
  const world = createWorld({ seed: 1, accounts, startAt })
  let offset = 0
  for (const event of events(world, { untilAt: startAt + days * dayMs })) {
    const told = { partition: 0, offset: offset++, cameAt: event.at }
    if (event.kind === 'payment') yield { received: receivedOf(event.payment, told.offset) }
    else if (event.kind === 'accountEvent')
      yield { happening: { ...told, kind: 'accountEvent', event: event.event } }
    else if (event.kind === 'feedback')
      yield { happening: { ...told, kind: 'feedback', feedback: event.feedback } }
  }
}

/** Payments, account events and labels of simulated people. */
export const simulatedSource = (accounts: number, days: number): CostSource => ({
  of: { kind: 'simulated', accounts, days },
  arrivals: () => simulatedArrivals(accounts, days),
})

const paymentBy = (payer: number, number: number, occurredAt: number): Payment => ({
  paymentId: `payment-${number}`,
  attempt: 1,
  occurredAt,
  amountMinor: 100 + ((number * 7_919) % 90_000),
  currency: 'EUR',
  channel: 'APP',
  method: 'CARD',
  accountId: `account-${payer}`,
  cardToken: `card-${payer}`,
  payeeId: `payee-${payer}`,
  merchantId: `merchant-${payer}`,
  mcc: '5411',
  deviceId: `device-${payer}`,
  sessionId: null,
  ipAddress: `10.0.${payer >>> 8}.${payer & 255}`,
  emailHash: null,
  phoneHash: null,
  country: 'DE',
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
})

const longestMs = 30 * dayMs

function* evenArrivals(payers: number, total: number): Generator<Arrived, void, undefined> {
  for (let number = 0; number < total; number++)
    yield {
      received: receivedOf(
        paymentBy(number % payers, number, startAt + Math.floor((number / total) * longestMs)),
        number,
      ),
    }
}

const mostPayers = 64
const paymentsInAll = 200_000

/** Payers with entities of their own, each of which has so many payments within 30 days before `measured` more come. */
export const recordsSource = (records: number, measured: number, most = mostPayers): CostSource => {
  const payers = Math.max(1, Math.min(most, Math.floor(paymentsInAll / records)))
  return {
    of: { kind: 'records', records, payers },
    arrivals: () => evenArrivals(payers, payers * records + measured),
  }
}
