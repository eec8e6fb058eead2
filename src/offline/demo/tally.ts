import { createHash } from 'node:crypto'
import { build } from 'hdr-histogram-js'
import type { Decision } from '../../domain/decision.ts'
import { isAtLeast, type Outcome } from '../../domain/outcome.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Truth } from '../simulator/simEvent.ts'
import { createShowcase, type Shown } from './showcase.ts'

export type Latencies = {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** What a switch can say of its payments so far. Times in milliseconds. */
export type Snapshot = {
  readonly sent: number
  /** Payments that have a decision. */
  readonly decided: number
  /** Payments with two different decisions. */
  readonly conflicting: number
  /** Decisions that came again, the same to the last byte. */
  readonly duplicates: number
  /** Decisions for payments that were never sent. */
  readonly unexpected: number
  readonly degraded: number
  readonly late: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  readonly fraud: { readonly caught: number; readonly missed: number }
  /** Payments with nothing wrong that were not simply allowed. */
  readonly goodStopped: number
  /** From the intended time of sending to the receipt of the decision; null before the first one. */
  readonly latencyMs: Latencies | null
}

export type Tally = {
  /** @param intendedAt monotonic milliseconds at which the payment was meant to leave */
  readonly sent: (payment: Payment, truth: Truth, intendedAt: number) => void
  readonly received: (decision: Decision, bytes: Uint8Array, receivedAt: number) => void
  readonly snapshot: () => Snapshot
  readonly isComplete: () => boolean
  /** One payment that was stepped up and one that was blocked, as telling as there were. */
  readonly shown: () => readonly Shown[]
}

type Awaited = {
  readonly payment: Payment
  readonly truth: Truth
  readonly intendedAt: number
  digest: string | null
  conflicting: boolean
}

const keyOf = ({ paymentId, attempt }: { readonly paymentId: string; readonly attempt: number }): string =>
  `${paymentId} ${attempt}`

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')

const mostMicros = 3_600_000_000

/** Matches decisions with payments by paymentId and attempt. */
export const createTally = (): Tally => {
  const awaited = new Map<string, Awaited>()
  const latencies = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: mostMicros,
    numberOfSignificantValueDigits: 3,
  })
  const showcase = createShowcase()
  const outcomes = { ALLOW: 0, STEP_UP: 0, BLOCK: 0 }
  const fraud = { caught: 0, missed: 0 }
  const counts = {
    decided: 0,
    conflicting: 0,
    duplicates: 0,
    unexpected: 0,
    degraded: 0,
    late: 0,
    goodStopped: 0,
  }

  const countFirst = ({ payment, truth, intendedAt }: Awaited, decision: Decision, receivedAt: number) => {
    const stopped = isAtLeast(decision.outcome, 'STEP_UP')
    counts.decided += 1
    outcomes[decision.outcome] += 1
    if (decision.degraded.length > 0) counts.degraded += 1
    if (decision.late) counts.late += 1
    if (truth.fraud) fraud[stopped ? 'caught' : 'missed'] += 1
    else if (stopped) counts.goodStopped += 1
    const micros = Math.round((receivedAt - intendedAt) * 1_000)
    latencies.recordValue(Math.min(mostMicros, Math.max(1, micros)))
    showcase.consider({ payment, truth, decision })
  }

  const countAgain = (payment: Awaited, digest: string): void => {
    if (payment.digest === digest) counts.duplicates += 1
    else if (!payment.conflicting) {
      payment.conflicting = true
      counts.conflicting += 1
    }
  }

  const millis = (percentile: number): number => latencies.getValueAtPercentile(percentile) / 1_000

  return {
    sent: (payment, truth, intendedAt) => {
      awaited.set(keyOf(payment), { payment, truth, intendedAt, digest: null, conflicting: false })
    },
    received: (decision, bytes, receivedAt) => {
      const payment = awaited.get(keyOf(decision))
      const digest = digestOf(bytes)
      if (payment === undefined) counts.unexpected += 1
      else if (payment.digest !== null) countAgain(payment, digest)
      else {
        payment.digest = digest
        countFirst(payment, decision, receivedAt)
      }
    },
    snapshot: () => ({
      sent: awaited.size,
      ...counts,
      outcomes: { ...outcomes },
      fraud: { ...fraud },
      latencyMs:
        counts.decided === 0
          ? null
          : { p50: millis(50), p99: millis(99), p999: millis(99.9), max: latencies.maxValue / 1_000 },
    }),
    isComplete: () => counts.decided === awaited.size,
    shown: showcase.chosen,
  }
}
