/** What the payers are told. Times are epoch ms. */
export type PayersOrder = {
  readonly brokers: string
  readonly paymentsTopic: string
  readonly decisionsTopic: string
  readonly groupId: string
  readonly perSecond: number
  readonly seconds: number
  /** After the last payment answers are waited for until none has come for so long. */
  readonly patienceMs: number
}

/** When a payment was meant to be sent and when its first answer came. Epoch ms; NaN: never. */
export type Answered = {
  readonly intendedAt: number
  /** When the broker appended the answer: in a transaction it is not to be read yet. */
  readonly appendedAt: number
  /** When the switch had it. */
  readonly receivedAt: number
}

export type PayersMessage =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'progress'
      readonly sent: number
      readonly answered: number
    }
  /** Everything is answered, or has been waited for long enough. Numbers without fraction; null: never. */
  | {
      readonly kind: 'done'
      readonly intendedAt: readonly number[]
      readonly appendedAt: readonly (number | null)[]
      readonly receivedAt: readonly (number | null)[]
      /** Answers after the first one to a payment. */
      readonly repeated: number
    }
