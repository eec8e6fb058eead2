import { compileComparison } from './comparison.ts'
import { anyOf, combine, type Compiled } from './alternatives.ts'
import type { IntelLoss as LossReason } from '../../domain/intelligence.ts'
import type { Loss } from './loss.ts'
import type { Pattern } from './tree.ts'
import type { ValueDeps } from './value.ts'

const lost = (reason: LossReason, detail: string): Compiled<never> => ({
  alternatives: [],
  losses: [{ reason, detail } satisfies Loss],
})

/**
 * A pattern as alternatives, each a list of things that one payment must name together. What cannot be compared with a
 * payment is told in `losses`; what is left stands for it alone: it may miss, it never matches what the pattern does not.
 */
export const compilePattern = (pattern: Pattern, deps: ValueDeps): Compiled => {
  switch (pattern.kind) {
    case 'observed':
      return compileComparison(pattern.comparison, deps)
    case 'qualified':
      return lost('QUALIFIER', pattern.qualifier)
    case 'followedBy':
      return lost('SEQUENCE', 'FOLLOWEDBY')
    case 'or':
      return anyOf(pattern.parts.map((part) => compilePattern(part, deps)))
    case 'and':
      return pattern.parts.map((part) => compilePattern(part, deps)).reduce(combine)
  }
}
