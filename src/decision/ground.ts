import type { Outcome } from '../domain/outcome.ts'

/** The parts of a policy that give a payment something. */
export type OriginPart =
  'rule' | 'limit' | 'threshold' | 'degraded' | 'unscored' | 'late' | 'list' | 'kill_switch'

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
  /** Where in the row the set of confirmed reasons stands that releases it; see `confirmed.ts`. */
  readonly confirmedAt?: number | undefined
}

/** Something that made grounds milder. */
export type Exception = {
  /** As a decision names it in `exceptions`. */
  readonly name: string
  /** The strictest that one of these grounds gave. */
  readonly overrules: Outcome
}

/** What is left of the grounds, and what made them milder. */
export type Softened = { readonly grounds: readonly Ground[]; readonly exceptions: readonly Exception[] }
