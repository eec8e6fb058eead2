import type { AccountEvent } from '../../domain/accountEvent.ts'
import type { FeatureRow } from '../../domain/decision.ts'
import type { DeviceHealth } from '../../domain/deviceHealth.ts'
import type { FeedbackKind, RiskFeedback } from '../../domain/feedback.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Received } from '../../domain/received.ts'
import type { DeviceStates } from '../../features/deviceStates.ts'
import type { Histories } from '../../features/histories.ts'
import type { FeaturePlan } from '../../features/plan.ts'

/** What arrives, in the order of its arrival. A `SimEvent` is one too. */
export type ReplayEvent =
  | {
      readonly kind: 'payment'
      readonly payment: Payment
      /** What stands for Kafka's record timestamp, epoch ms; without it effectiveAt is occurredAt. */
      readonly recordTimestamp?: number | null
    }
  | { readonly kind: 'deviceHealth'; readonly report: DeviceHealth }
  | { readonly kind: 'accountEvent'; readonly event: AccountEvent }
  | { readonly kind: 'feedback'; readonly feedback: RiskFeedback }

/** Simulated now: the effectiveAt of the payment that is being replayed. Histories take their time from it. */
export type ReplayClock = { at: number }

export type ReplayDeps = {
  readonly plan: FeaturePlan
  readonly histories: Histories
  readonly devices: DeviceStates
  readonly clock: ReplayClock
  /** 16 hexadecimal digits; what makes two payments of one id the same payment. */
  readonly contentHash: (payment: Payment) => string
  /** What was decided; null where that is not known, which counts as not allowed. Default: all were allowed. */
  readonly outcomeOf?: (payment: Payment) => Outcome | null
  /** Payments that feedback may still change: they are kept in mind. Default: none. */
  readonly awaitsFeedback?: (payment: Payment) => boolean
}

export type Replayed = {
  readonly payment: Payment
  /** One number for each name of the plan; NaN is "not known". A row of its own. */
  readonly row: FeatureRow
  /** Inputs for whose lack a number is not known, sorted. */
  readonly degraded: readonly string[]
}

/** Feedback that settles whether a payment went through. Labels are not read into histories yet. */
export const settlingOutcome: Readonly<Partial<Record<FeedbackKind, Outcome>>> = {
  STEP_UP_PASSED: 'ALLOW',
  STEP_UP_FAILED: 'BLOCK',
  STEP_UP_ABANDONED: 'BLOCK',
  DECLINED: 'BLOCK',
}

const keyOf = ({ paymentId, attempt }: { readonly paymentId: string; readonly attempt: number }): string =>
  `${paymentId} ${attempt}`

/**
 * The features as the online path computes them, by the same code, as of each payment: it sees what arrived before
 * it. One result for each payment, in the order of the events.
 */
export async function* replay(
  deps: ReplayDeps,
  events: Iterable<ReplayEvent> | AsyncIterable<ReplayEvent>,
): AsyncGenerator<Replayed, void, undefined> {
  const { plan, histories, devices, clock, contentHash } = deps
  const { outcomeOf = () => 'ALLOW', awaitsFeedback = () => false } = deps
  const awaiting = new Map<string, Received>()
  let offset = 0

  const receive = (payment: Payment, recordTimestamp: number | null): Received => {
    const timestamp = recordTimestamp ?? payment.occurredAt
    return {
      payment,
      source: { topic: 'payments', partition: 0, offset: offset++, timestamp, headers: {} },
      effectiveAt: Math.min(payment.occurredAt, timestamp),
      contentHash: contentHash(payment),
      enteredAt: 0,
    }
  }

  const settle = async (feedback: RiskFeedback): Promise<void> => {
    const outcome = settlingOutcome[feedback.kind]
    const received = outcome === undefined ? undefined : awaiting.get(keyOf(feedback))
    if (outcome !== undefined && received !== undefined) await histories.conclude([{ received, outcome }])
  }

  for await (const event of events) {
    if (event.kind === 'deviceHealth') await devices.apply([event.report])
    else if (event.kind === 'feedback') await settle(event.feedback)
    if (event.kind !== 'payment') continue
    const { payment } = event
    const received = receive(payment, event.recordTimestamp ?? null)
    clock.at = received.effectiveAt
    const [recalled] = await histories.remember([received])
    if (recalled === undefined) throw new RangeError('a store answered nothing for a payment')
    const row = new Float64Array(plan.names.length)
    const degraded = plan.compute(recalled, row)
    const outcome = outcomeOf(payment)
    if (outcome !== null) await histories.conclude([{ received, outcome }])
    if (awaitsFeedback(payment)) awaiting.set(keyOf(payment), received)
    yield { payment, row, degraded }
  }
}
