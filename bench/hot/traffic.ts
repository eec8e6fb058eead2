import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'
import { arrivals } from '../arrivals.ts'
import type { HotOptions, ScenarioName } from './options.ts'

/** A payment to come: ms from the start of the run, and whether it is on the hot entity. */
export type Arrival = { readonly atMs: number; readonly isHot: boolean; readonly person: number }

export const hotCard = 'card-hot'
export const hotMerchant = 'merchant-hot'

/** Whether the hot entity is there. */
export type Side = 'with' | 'without'

const seedOfOthers = 7
const seedOfBurst = 8

const othersOf = (times: Float64Array, accounts: number, isHot: (i: number) => boolean): readonly Arrival[] =>
  Array.from(times, (atMs, i) => ({ atMs, isHot: isHot(i), person: (i * 7_919) % accounts }))

/** The others are the same on both sides, at the same times. */
export const arrivalsOf = (scenario: ScenarioName, side: Side, options: HotOptions): readonly Arrival[] => {
  const { accounts, perSecond, burst, burstPerSecond } = options
  const seconds = burst / burstPerSecond
  if (scenario === 'merchant') {
    const times = arrivals([{ perSecond: 2 * perSecond, seconds }], seedOfOthers)
    return othersOf(times, accounts, (i) => side === 'with' && i % 2 === 0)
  }
  const others = othersOf(arrivals([{ perSecond, seconds }], seedOfOthers), accounts, () => false)
  if (side === 'without') return others
  const times = arrivals([{ perSecond: burstPerSecond, seconds }], seedOfBurst)
  const tried = Array.from(times, (atMs, i): Arrival => ({ atMs, isHot: true, person: i }))
  return [...others, ...tried].toSorted((a, b) => a.atMs - b.atMs)
}

const merchants = 200
const payees = 300

const paymentBy = (number: number, person: number, at: number): Payment => ({
  paymentId: `payment-${number}`,
  attempt: 1,
  occurredAt: at,
  amountMinor: 100 + ((number * 7_919) % 90_000),
  currency: 'EUR',
  channel: 'WEB',
  method: 'CARD',
  accountId: `account-${person}`,
  cardToken: `card-${person}`,
  payeeId: `payee-${(number * 31) % payees}`,
  merchantId: `merchant-${(number * 17) % merchants}`,
  mcc: '5411',
  deviceId: `device-${person}`,
  sessionId: null,
  ipAddress: `10.${(person >>> 16) & 255}.${(person >>> 8) & 255}.${person & 255}`,
  emailHash: null,
  phoneHash: null,
  country: 'DE',
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
})

const receivedOf = (payment: Payment, number: number): Received => ({
  payment,
  source: { topic: 'payments', partition: 0, offset: number, timestamp: payment.occurredAt, headers: {} },
  effectiveAt: payment.occurredAt,
  contentHash: number.toString(16).padStart(16, '0'),
  enteredAt: 0,
})

/** @param number of the payment, the next one each time; @param at epoch ms */
export const receivedAt = (
  scenario: ScenarioName,
  arrival: Arrival,
  number: number,
  at: number,
): Received => {
  const payment = paymentBy(number, arrival.person, at)
  if (!arrival.isHot) return receivedOf(payment, number)
  if (scenario === 'merchant') return receivedOf({ ...payment, merchantId: hotMerchant }, number)
  // One card and its account, tried from a few addresses with one device.
  const tried = { accountId: 'account-hot', cardToken: hotCard, deviceId: 'device-hot' }
  return receivedOf({ ...payment, ...tried, ipAddress: `192.0.2.${arrival.person % 16}` }, number)
}

const dayMs = 86_400_000
const pastDays = 30

/** Payments of everybody, one a day until now. */
export const pastOf = (accounts: number, now: number): readonly Received[] =>
  Array.from({ length: accounts * pastDays }, (_, number) => {
    const day = Math.floor(number / accounts)
    return receivedOf(paymentBy(number, number % accounts, now - (pastDays - day) * dayMs), number)
  })
