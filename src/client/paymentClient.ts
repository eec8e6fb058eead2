import type { Decision } from '../domain/decision.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'
import { createWaiting, type Schedule } from './waiting.ts'

/** Why the switch's own rule answered: no decision came in time, or Kafka did not take the payment. */
export type FallbackReason = 'TIMED_OUT' | 'NOT_SENT'

/** What the switch does with a payment, and who said so. */
export type Answered =
  | { readonly outcome: Outcome; readonly decision: Decision; readonly fallback: null }
  | { readonly outcome: Outcome; readonly decision: null; readonly fallback: FallbackReason }

/** The switch's own rule for a payment without a decision. */
export type Fallback = (payment: Payment, reason: FallbackReason) => Outcome

export type PaymentClient = {
  /**
   * Sends a payment and waits for its decision, at most for the client's time-out. Resolves in any case: without a
   * decision by the fallback. A payment without `respondBy` gets one, so that Sluice knows how long it is waited for.
   * @param headers the switch's own; they come back with the decision
   * @throws SluiceError if the payment does not fit the contract
   */
  readonly decide: (payment: Payment, headers?: Readonly<Record<string, string>>) => Promise<Answered>
  /** Gives up what is waited for, by the fallback, and lets go of Kafka. What is asked later falls back at once. */
  readonly close: () => Promise<void>
}

export type PaymentClientDeps = {
  /** Resolves when Kafka has the payment; throws at once where the payment does not fit the contract. */
  readonly send: (payment: Payment, headers: Readonly<Record<string, string>>) => Promise<void>
  readonly fallback: Fallback
  readonly timeoutMs: number
  /** A decision after its fallback: the switch may tell Sluice of it (`STAND_IN`), or act. */
  readonly onLate: (decision: Decision) => void
  /** What Kafka did not take, and what `onLate` threw. */
  readonly onProblem: (error: unknown) => void
  readonly newId: () => string
  /** Epoch milliseconds. */
  readonly now: () => number
  readonly schedule: Schedule
  readonly disconnect: () => Promise<void>
}

/** Names the call that a decision answers: a payment that is sent twice gets its answer twice. */
export const correlationHeader = 'correlation-id'

/** So long a decision is still told as late. */
const lateMs = 600_000
/** Some 30 MB: three minutes of 500 payments a second that nobody decides. */
const lateAtMost = 100_000

/** The core of the client; `arrive` is called with each decision and the value of its correlation header. */
export const createPaymentClient = (
  deps: PaymentClientDeps,
): PaymentClient & { readonly arrive: (correlationId: string, decision: Decision) => void } => {
  /** What the switch's own code throws must not stop the reader that everybody waits for. */
  const tellLate = (decision: Decision): void => {
    try {
      deps.onLate(decision)
    } catch (error) {
      deps.onProblem(error)
    }
  }
  const waiting = createWaiting({
    schedule: deps.schedule,
    onLate: (_, decision) => tellLate(decision),
    lateMs,
    lateAtMost,
  })

  const fallBack = (payment: Payment, reason: FallbackReason): Answered => ({
    outcome: deps.fallback(payment, reason),
    decision: null,
    fallback: reason,
  })

  let isClosed = false

  return {
    arrive: waiting.arrive,
    decide: async (payment, headers = {}) => {
      if (isClosed) return fallBack(payment, 'NOT_SENT')
      const correlationId = deps.newId()
      const respondBy = payment.respondBy ?? deps.now() + deps.timeoutMs
      const sent = deps.send({ ...payment, respondBy }, { ...headers, [correlationHeader]: correlationId })
      const decided = waiting.wait(correlationId, deps.timeoutMs)
      const failed = sent.then(
        () => new Promise<never>(() => undefined),
        (error: unknown) => {
          deps.onProblem(error)
          return 'NOT_SENT' as const
        },
      )
      const answer = await Promise.race([decided, failed])
      if (answer === 'NOT_SENT') return fallBack(payment, answer)
      return answer === null
        ? fallBack(payment, 'TIMED_OUT')
        : { outcome: answer.outcome, decision: answer, fallback: null }
    },
    close: async () => {
      isClosed = true
      waiting.giveUp()
      await deps.disconnect()
    },
  }
}
