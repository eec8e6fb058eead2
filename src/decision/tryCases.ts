import { type Found, findIn } from './cases.ts'
import { createConditions } from './condition.ts'
import { mutantsOf } from './mutants.ts'
import type { PolicySpec, RuleSpec } from './policySchema.ts'
import type { PolicyDeps } from './policy.ts'

/** One case of a rule, tried. */
export type TriedCase = {
  readonly rule: string
  readonly at: number
  readonly expected: Found
  readonly found: Found
}

export type TriedPolicy = {
  readonly cases: readonly TriedCase[]
  /** Rules that no case speaks of. */
  readonly withoutCases: readonly string[]
  /** Changes of a rule that none of its cases would notice. */
  readonly unnoticed: readonly { readonly rule: string; readonly change: string }[]
}

/** Tries the cases of each rule of a policy that was read, right or wrong. @throws SluiceError POLICY_INVALID */
export const tryCases = ({ rules }: Pick<PolicySpec, 'rules'>, { isFeature }: PolicyDeps): TriedPolicy => {
  const compile = createConditions(isFeature)
  const tryRule = ({ id, cases }: RuleSpec, expression: string): readonly TriedCase[] => {
    const find = findIn(compile(`rule ${id}`, expression))
    return cases.map(({ given, expect }, at) => ({
      rule: id,
      at,
      expected: expect,
      found: find(given, `rule ${id}, case ${at + 1}`),
    }))
  }
  const isNoticed = (rule: RuleSpec, expression: string): boolean =>
    tryRule(rule, expression).some(({ expected, found }) => expected !== found)

  return {
    cases: rules.flatMap((rule) => tryRule(rule, rule.when)),
    withoutCases: rules.filter(({ cases }) => cases.length === 0).map(({ id }) => id),
    unnoticed: rules
      .filter(({ cases }) => cases.length > 0)
      .flatMap((rule) =>
        mutantsOf(rule.when)
          .filter(({ expression }) => !isNoticed(rule, expression))
          .map(({ change }) => ({ rule: rule.id, change })),
      ),
  }
}
