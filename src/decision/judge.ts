import type { Assessed } from '../domain/decision.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Facts } from './facts.ts'
import type { Ground, Softened } from './ground.ts'

/** Adds what one part of the policy has to say of a payment. */
export type Judge = (facts: Facts, grounds: Ground[]) => void

/** Makes a judgement milder, and says so; null: leaves it as it is. */
export type Soften = (facts: Facts, grounds: readonly Ground[]) => Softened | null

/** What the whole policy says of a payment. */
export type Verdict = Pick<Assessed, 'outcome' | 'riskLevel' | 'reasons' | 'stepUpMethod' | 'notices'> & {
  /** What it would have been without exceptions. */
  readonly judged: Outcome
  readonly exceptions: readonly string[]
}
