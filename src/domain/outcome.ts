/** The three answers, in the order of their strictness. */
export const outcomes = ['ALLOW', 'STEP_UP', 'BLOCK'] as const
export type Outcome = (typeof outcomes)[number]

const strictness: Readonly<Record<Outcome, number>> = { ALLOW: 0, STEP_UP: 1, BLOCK: 2 }

/** The stricter of two outcomes. Associative, commutative, idempotent, with ALLOW as its neutral element. */
export const stricter = (a: Outcome, b: Outcome): Outcome => (strictness[a] >= strictness[b] ? a : b)

export const isAtLeast = (a: Outcome, b: Outcome): boolean => strictness[a] >= strictness[b]
