import type { Assessed } from '../domain/decision.ts'
import type { Facts } from './facts.ts'
import type { Ground } from './reasons.ts'

/** Adds what one part of the policy has to say of a payment. */
export type Judge = (facts: Facts, grounds: Ground[]) => void

/** What the whole policy says of a payment. */
export type Verdict = Pick<Assessed, 'outcome' | 'riskLevel' | 'reasons' | 'stepUpMethod' | 'notices'>
