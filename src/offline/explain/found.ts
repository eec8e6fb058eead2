import type { Audit } from '../../domain/audit.ts'
import type { Decision } from '../../domain/decision.ts'
import type { RiskFeedback } from '../../domain/feedback.ts'

/** Where a record stands in Kafka. */
export type Place = { readonly partition: number; readonly offset: number; readonly timestamp: number }

/** A record that names the payment and was refused, without its bytes. */
export type DeadLetter = Place & {
  /** The topic that it came from. */
  readonly topic: string
  readonly reason: string
  readonly detail: string
  readonly field: string | null
}

export type FoundFeedback = RiskFeedback & {
  /** Why it was not believed; null: no dead letter says that it was not. */
  readonly refused: string | null
}

/** All that the topics hold of one payment, each in the order of its partition. */
export type Found = {
  readonly audits: readonly Audit[]
  readonly decisions: readonly (Place & { readonly decision: Decision })[]
  readonly deadLetters: readonly DeadLetter[]
  readonly feedback: readonly FoundFeedback[]
}
