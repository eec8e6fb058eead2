import type { Outcome } from '../domain/outcome.ts'

/** The parts of a policy that give a payment something. */
export type OriginPart = 'rule' | 'limit' | 'threshold' | 'degraded' | 'unscored' | 'late' | 'list'

/** Where a ground came from. */
export type Origin = {
  readonly part: OriginPart
  /** Of the rule, limit or list entry; the place in the file of a threshold or of what a degraded payment gets. */
  readonly id: string
}

/** A reason with what it alone would have given. */
export type Ground = {
  readonly code: string
  readonly outcome: Outcome
  readonly origin: Origin
  /** No allow-list entry and no snooze may overrule it. */
  readonly isFinal: boolean
}

/** What is left of the grounds, and what made them milder, as a decision names it in `exceptions`. */
export type Softened = { readonly grounds: readonly Ground[]; readonly exceptions: readonly string[] }
