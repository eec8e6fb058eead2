import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'
import { longestMs } from './contestant.ts'

/** So many payers, each with a card, a device, an address and a merchant of its own, and payments of each before. */
export type Shape = { readonly payers: number; readonly records: number }

/** The newest payment of the past. Not the start of a bucket: that would flatter whoever counts in buckets. */
export const startAt = Date.UTC(2026, 0, 31, 12, 34, 56)

const nextEveryMs = 1

const addressOf = (payer: number): string => `10.${payer >>> 16}.${(payer >>> 8) & 255}.${payer & 255}`

const paymentOf = (number: number, payer: number, occurredAt: number): Payment => ({
  paymentId: `payment-${number}`,
  attempt: 1,
  occurredAt,
  amountMinor: 100 + ((number * 7_919) % 90_000),
  currency: 'EUR',
  channel: 'POS',
  method: 'CARD',
  accountId: `account-${payer}`,
  cardToken: `card-${payer}`,
  payeeId: null,
  merchantId: `merchant-${payer}`,
  mcc: '5411',
  deviceId: `device-${payer}`,
  sessionId: null,
  ipAddress: addressOf(payer),
  emailHash: null,
  phoneHash: null,
  country: 'DE',
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
})

const receivedOf = (number: number, payer: number, at: number): Received => ({
  payment: paymentOf(number, payer, at),
  source: { topic: 'payments', partition: 0, offset: number, timestamp: at, headers: {} },
  effectiveAt: at,
  contentHash: number.toString(16).padStart(16, '0'),
  enteredAt: 0,
})

/** All payers in turn, evenly over the longest window up to `startAt`. */
export function* pastOf({ payers, records }: Shape): Generator<Received, void, undefined> {
  const total = payers * records
  for (let number = 0; number < total; number++)
    yield receivedOf(
      number,
      number % payers,
      startAt - Math.floor(((total - 1 - number) / total) * longestMs),
    )
}

/** The payment that comes as number `next`, counted from 0, after the past. */
export const nextOf = ({ payers, records }: Shape, next: number): Received =>
  receivedOf(payers * records + next, next % payers, startAt + (next + 1) * nextEveryMs)

/** In lists of that length; the last one may be shorter. */
export function* inLists<T>(items: Iterable<T>, length: number): Generator<readonly T[], void, undefined> {
  let list: T[] = []
  for (const item of items) {
    list.push(item)
    if (list.length < length) continue
    yield list
    list = []
  }
  if (list.length > 0) yield list
}

/** Consecutive items, so many that no key is named more than `most` times, and how often each is. */
export function* inPieces<T>(
  items: readonly T[],
  keysOf: (item: T) => readonly string[],
  most: number,
): Generator<
  { readonly piece: readonly T[]; readonly counts: ReadonlyMap<string, number> },
  void,
  undefined
> {
  let piece: T[] = []
  let counts = new Map<string, number>()
  for (const item of items) {
    const keys = keysOf(item)
    if (keys.some((key) => (counts.get(key) ?? 0) >= most)) {
      yield { piece, counts }
      piece = []
      counts = new Map()
    }
    piece.push(item)
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  if (piece.length > 0) yield { piece, counts }
}
