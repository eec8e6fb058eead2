import { channels, methods, type Channel, type Method } from '../domain/payment.ts'
import { ratesBit } from './degraded.ts'
import type { Recalled } from './recalled.ts'
import type { Placed, Step } from './step.ts'
import { travelFeatures, travelStep } from './travelFeatures.ts'

/** A number that the payment itself gives; NaN where it does not say. */
type PaymentFeature = {
  readonly name: string
  readonly sentence: string
  readonly read: (recalled: Recalled) => number
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** 1 January 1970 was a Thursday. */
const utcWeekday = (at: number): number => (Math.floor(at / dayMs) + 4) % 7
const utcHour = (at: number): number => Math.floor((at % dayMs) / hourMs)

const indicator = (is: boolean): number => (is ? 1 : 0)

/** UNKNOWN stands for a symbol that this build does not know: then it is not known whether it is this one. */
const isChannel =
  (wanted: Channel) =>
  ({ received }: Recalled): number =>
    received.payment.channel === 'UNKNOWN' ? NaN : indicator(received.payment.channel === wanted)

const isMethod =
  (wanted: Method) =>
  ({ received }: Recalled): number =>
    received.payment.method === 'UNKNOWN' ? NaN : indicator(received.payment.method === wanted)

const amounts: readonly PaymentFeature[] = [
  {
    name: 'payment.amount',
    sentence: 'The amount in minor units of the base currency.',
    read: ({ amountBase }) => amountBase,
  },
  {
    name: 'payment.log_amount',
    sentence: 'Natural logarithm of 1 plus the amount in minor units of the base currency.',
    read: ({ amountBase }) => Math.log1p(amountBase),
  },
]

const circumstances: readonly PaymentFeature[] = [
  {
    name: 'payment.hour',
    sentence: 'Hour of the day in UTC, 0 to 23.',
    read: ({ received }) => utcHour(received.effectiveAt),
  },
  {
    name: 'payment.weekend',
    sentence: '1 on Saturday and Sunday in UTC, else 0.',
    read: ({ received }) => indicator(utcWeekday(received.effectiveAt) % 6 === 0),
  },
  {
    name: 'payment.night',
    sentence: '1 in the hours 0 to 6 in UTC, else 0.',
    read: ({ received }) => indicator(utcHour(received.effectiveAt) <= 6),
  },
  {
    name: 'payment.clock_skew',
    sentence: "Seconds by which the sender's clock is ahead of Kafka's; negative when the record came later.",
    read: ({ received }) => (received.payment.occurredAt - received.source.timestamp) / 1000,
  },
  ...channels
    .filter((channel) => channel !== 'UNKNOWN')
    .map((channel) => ({
      name: `payment.channel_${channel.toLowerCase()}`,
      sentence: `1 if the payment came by ${channel}, else 0.`,
      read: isChannel(channel),
    })),
  ...methods
    .filter((method) => method !== 'UNKNOWN')
    .map((method) => ({
      name: `payment.method_${method.toLowerCase()}`,
      sentence: `1 if the payment was made by ${method}, else 0.`,
      read: isMethod(method),
    })),
]

export const paymentFeatures: readonly { readonly name: string; readonly sentence: string }[] = [
  ...amounts,
  ...circumstances,
  ...travelFeatures,
]

const numbers = (features: readonly Placed<PaymentFeature>[], degradedIfUnknown: number): Step | null =>
  features.length === 0
    ? null
    : (recalled, row) => {
        let degraded = 0
        for (const { index, spec } of features) {
          const value = spec.read(recalled)
          row[index] = value
          if (Number.isNaN(value)) degraded |= degradedIfUnknown
        }
        return degraded
      }

/** Steps for those of the named features that are about the payment itself. */
export const compilePaymentFeatures = (
  names: readonly Placed<string>[],
  retentionMs: number,
): readonly Step[] => {
  const placed = <T extends { readonly name: string }>(features: readonly T[]): readonly Placed<T>[] =>
    names.flatMap(({ index, spec }) =>
      features.filter(({ name }) => name === spec).map((feature) => ({ index, spec: feature })),
    )
  return [
    numbers(placed(amounts), ratesBit),
    numbers(placed(circumstances), 0),
    travelStep(placed(travelFeatures), retentionMs),
  ].filter((step) => step !== null)
}
