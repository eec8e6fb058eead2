import type { IntelLoss as LossReason } from '../../domain/intelligence.ts'

export type Loss = { readonly reason: LossReason; readonly detail: string }

/** What each reason means, for people. */
export const lossText: Readonly<Record<LossReason, string>> = {
  PATTERN_TYPE: 'not a STIX pattern but one for another tool',
  OPERATOR: 'a comparison other than =, IN, ISSUBSET and ISSUPERSET',
  NEGATION: 'says what must not be there',
  SEQUENCE: 'needs observations in an order (FOLLOWEDBY)',
  QUALIFIER: 'needs observations within a time (START, WITHIN, REPEATS)',
  OBJECT: 'about something that no payment and no device names',
  VALUE: 'compares with something that is no such value',
  NEVER: 'needs several things of which a payment has one',
  TOO_MANY: 'more alternatives than are kept for one indicator',
  CROWDED: 'about something that very many other indicators list already',
}
