import type { AccountEvent } from './accountEvent.ts'
import type { RiskFeedback } from './feedback.ts'

/** Where a happening stood in its topic, and when it came. */
type Told = {
  readonly partition: number
  readonly offset: number
  /** Epoch milliseconds, Kafka's record timestamp: the same when it comes again. */
  readonly cameAt: number
}

/** Something beside payments that their histories take note of. */
export type Happening =
  | (Told & { readonly kind: 'feedback'; readonly feedback: RiskFeedback })
  | (Told & { readonly kind: 'accountEvent'; readonly event: AccountEvent })
