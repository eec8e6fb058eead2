import type { Outcome } from '../domain/outcome.ts'
import { factsOf, indexOf } from './cases.ts'
import { invalid } from './invalid.ts'
import type { Policy, PolicyDeps } from './policy.ts'
import type { WholeCase } from './policySchema.ts'

/** A whole decision that was expected, tried. */
export type TriedWhole = {
  readonly name: string
  readonly expected: Outcome
  readonly found: Outcome
  /** Codes, in the order in which a decision names them. */
  readonly reasons: readonly string[]
}

/**
 * Tries cases that stand outside of the policy. A feature that it does not look at changes nothing: the same cases are
 * good for a policy before and after a rule.
 * @throws SluiceError POLICY_INVALID for a name that is no feature
 */
export const tryWhole = (
  policy: Pick<Policy, 'features' | 'bindVerdict'>,
  cases: readonly WholeCase[],
  { isFeature }: Pick<PolicyDeps, 'isFeature'>,
): readonly TriedWhole[] => {
  const slot = indexOf(policy.features)
  const judge = policy.bindVerdict(slot)
  const problems = cases.flatMap(({ name, given }) =>
    Object.keys(given.features ?? {}).flatMap((feature) => {
      const problem = isFeature(feature)
      return problem === null ? [] : [`case ${name}: ${problem}`]
    }),
  )
  if (problems.length > 0) throw invalid(...problems)
  return cases.map(({ name, given, outcome }) => {
    const features = Object.fromEntries(
      Object.entries(given.features ?? {}).filter(([feature]) => slot.has(feature)),
    )
    const { outcome: found, reasons } = judge(factsOf({ ...given, features }, slot, `case ${name}`))
    return { name, expected: outcome, found, reasons: reasons.map(({ code }) => code) }
  })
}
