import type { Phase } from '../arrivals.ts'

/** What the payers are told. */
export type PayersOrder = {
  readonly brokers: string
  readonly paymentsTopic: string
  readonly decisionsTopic: string
  readonly groupId: string
  /** Of `writePayments`: one for each that the phases send. */
  readonly file: string
  readonly phases: readonly Phase[]
  /** After the last payment answers are waited for until none has come for so long. */
  readonly patienceMs: number
}

/** A payment and its first answer, ms from the first intended time; null: no answer came. */
export type AnswerTimes = {
  readonly intendedMs: readonly number[]
  /** When the switch had it. */
  readonly answeredMs: readonly (number | null)[]
  /** The time of the record: a switch that is busy sending reads it later. */
  readonly decidedMs: readonly (number | null)[]
}

export type PayersMessage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'done'
      readonly times: AnswerTimes
      /** Answers beyond one to a payment, and to none of these payments. */
      readonly unexpected: number
      /** Longest time from the moment of sending to Kafka's acknowledgement, ms: it is part of what answers take. */
      readonly slowestSendMs: number
    }
