import type { Facts } from './facts.ts'

/** What a condition says of a payment: three results, because "not known" is neither yes nor no. */
export const NO = 0
export const YES = 1
export const UNKNOWN = 2
export type Truth = typeof NO | typeof YES | typeof UNKNOWN

export type Test = (facts: Facts) => Truth

export const truthOf = (value: boolean): Truth => (value ? YES : NO)

/** Either side alone can settle it, also beside an unknown one. */
export const both =
  (left: Test, right: Test): Test =>
  (facts) => {
    const first = left(facts)
    if (first === NO) return NO
    const second = right(facts)
    if (second === NO) return NO
    return first === UNKNOWN ? UNKNOWN : second
  }

export const either =
  (left: Test, right: Test): Test =>
  (facts) => {
    const first = left(facts)
    if (first === YES) return YES
    const second = right(facts)
    if (second === YES) return YES
    return first === UNKNOWN ? UNKNOWN : second
  }

export const not =
  (test: Test): Test =>
  (facts) => {
    const truth = test(facts)
    return truth === UNKNOWN ? UNKNOWN : truth === YES ? NO : YES
  }
