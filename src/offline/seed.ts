import type { Payment } from '../domain/payment.ts'
import type { DeviceHealth } from '../domain/deviceHealth.ts'
import type { DeviceStates } from '../features/deviceStates.ts'
import type { Concluded } from '../features/histories.ts'
import type { SimEvent } from './simulator/simEvent.ts'

export type SeedDeps = {
  /** Appends payments with their outcomes; the larger the batch the cheaper a payment. */
  readonly seed: (batch: readonly Concluded[]) => Promise<void>
  readonly deviceStates: DeviceStates
  /** 16 hexadecimal digits, as the decoder of payments makes them. */
  readonly contentHash: (payment: Payment) => string
  readonly onPayments?: (count: number) => void
}

export type Seeded = { readonly payments: number; readonly reports: number }

/** Measured from 500 to 200,000: no cheaper from here on (14 us of Node, 7 of Redis a payment); Redis serves nobody else for about 55 ms a call. */
const paymentsPerCall = 8_000
/** Reports of one device in one call are merged before anything is sent. */
const reportsPerCall = 25_000

/**
 * No partition of a topic has this number, so a record that was never in Kafka cannot make one that was look like
 * an old one.
 */
const noPartition = 65_535

const allowed = (payment: Payment, contentHash: string, offset: number): Concluded => ({
  received: {
    payment,
    source: {
      topic: 'seed',
      partition: noPartition,
      offset,
      timestamp: payment.occurredAt,
      headers: {},
    },
    effectiveAt: payment.occurredAt,
    contentHash,
    enteredAt: 0,
  },
  outcome: 'ALLOW',
})

/** Hands on what it is given in calls of `size`; the next call is made ready while one is under way. */
const inCalls = <T>(size: number, call: (items: readonly T[]) => Promise<void>) => {
  let waiting: T[] = []
  let underWay = Promise.resolve()
  const flush = async (): Promise<void> => {
    const items = waiting
    waiting = []
    await underWay
    if (items.length > 0) underWay = call(items)
    // Awaited with the next call; until then a rejection is not one that nobody handles.
    underWay.catch(() => undefined)
  }
  return {
    add: (item: T): Promise<void> | undefined => {
      waiting.push(item)
      return waiting.length < size ? undefined : flush()
    },
    end: async (): Promise<void> => {
      await flush()
      await underWay
    },
  }
}

/** Remembers a past in time order, every payment of it allowed. Rejects as the stores do. */
export const seedPast = async (past: Iterable<SimEvent>, deps: SeedDeps): Promise<Seeded> => {
  const { contentHash, onPayments = () => undefined } = deps
  const payments = inCalls(paymentsPerCall, deps.seed)
  const reports = inCalls<DeviceHealth>(reportsPerCall, deps.deviceStates.apply)
  const counts = { payments: 0, reports: 0 }
  for (const event of past) {
    if (event.kind === 'payment') {
      const { payment } = event
      const full = payments.add(allowed(payment, contentHash(payment), counts.payments))
      counts.payments += 1
      onPayments(counts.payments)
      if (full !== undefined) await full
    } else if (event.kind === 'deviceHealth') {
      counts.reports += 1
      const full = reports.add(event.report)
      if (full !== undefined) await full
    }
  }
  await Promise.all([payments.end(), reports.end()])
  return counts
}
