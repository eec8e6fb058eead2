import { setTimeout as delay } from 'node:timers/promises'
import type { Received } from '../../src/domain/received.ts'
import type { Histories } from '../../src/features/histories.ts'
import type { Recalled } from '../../src/features/recalled.ts'
import { aReceived } from './payments.ts'
import { until } from './redisStores.ts'

export const accounts = 40

/** Payments of a few accounts, each with entities of its own, one after another. */
export const createPayments = () => {
  const sent: Received[] = []
  let laterMs = 0
  return {
    sent,
    /** Those that come next are so much later. */
    pass: (ms: number): void => {
      laterMs += ms
    },
    next: (count: number): readonly Received[] => {
      const batch = Array.from({ length: count }, () => {
        const n = sent.length
        const one = aReceived(
          {
            paymentId: `p${n}`,
            accountId: `a${n % accounts}`,
            cardToken: `c${n % accounts}`,
            deviceId: `d${n % accounts}`,
            ipAddress: `192.0.2.${n % accounts}`,
            payeeId: `payee${n % accounts}`,
            merchantId: `m${n % 7}`,
            occurredAt: 5_000 + n + laterMs,
            amountMinor: n + 1,
          },
          n,
        )
        sent.push(one)
        return one
      })
      return batch
    },
  }
}

/** Which of the views, and then the device, are unknown. */
export const unknownIn = ({ views, device }: Recalled): readonly boolean[] =>
  [...views, device].map((each) => each === 'unknown')
export const nothingUnknown = Array.from({ length: 7 }, () => false)

/** Between batches of a load that lasts. */
export const paceMs = 20

export const untilAllKnown = (instance: Histories, next: () => readonly Received[]): Promise<void> =>
  until(async () => {
    await delay(paceMs)
    return (await instance.remember(next())).every((each) => !unknownIn(each).includes(true))
  })
