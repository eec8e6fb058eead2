import { type Found, findIn } from './cases.ts'
import { createConditions } from './condition.ts'
import { refuse } from './invalid.ts'
import { compileLimits, findInLimit, type FoundOfLimit } from './limits.ts'
import type { LimitSpec } from './limitSchema.ts'
import { limitMutantsOf, mutantsOf } from './mutants.ts'
import type { PolicyDeps } from './policy.ts'
import type { PolicySpec, RuleSpec } from './policySchema.ts'

/** A rule or a limit. */
type Part = { readonly part: 'rule' | 'limit'; readonly id: string }

/** One case of a rule or limit, tried. */
export type TriedCase = Part & {
  readonly at: number
  readonly expected: Found | FoundOfLimit
  readonly found: Found | FoundOfLimit
}

export type TriedPolicy = {
  readonly cases: readonly TriedCase[]
  /** Rules and limits that no case speaks of. */
  readonly withoutCases: readonly Part[]
  /** Changes of a rule or limit that none of its cases would notice. */
  readonly unnoticed: readonly (Part & { readonly change: string })[]
}

/** Something of a policy with what it takes to try its cases, as it is and changed. */
type Tried = Part & {
  readonly cases: readonly TriedCase[]
  readonly mutants: readonly { readonly cases: readonly TriedCase[]; readonly change: string }[]
}

/** Tries the cases of each rule and limit of a policy that was read. @throws SluiceError POLICY_INVALID */
export const tryCases = (spec: PolicySpec, { isFeature }: PolicyDeps): TriedPolicy => {
  const compile = createConditions(isFeature)
  const checkFeature = (place: string, name: string): void => {
    const problem = isFeature(name)
    if (problem !== null) refuse(place, problem)
  }

  const casesOfRule = ({ id, cases }: RuleSpec, expression: string): readonly TriedCase[] => {
    const find = findIn(compile(`rule ${id}`, expression))
    return cases.map(({ given, expect }, at) => ({
      part: 'rule',
      id,
      at,
      expected: expect,
      found: find(given, `rule ${id}, case ${at + 1}`),
    }))
  }
  const casesOfLimit = (limit: LimitSpec): readonly TriedCase[] => {
    const { id, cases } = limit
    const place = (): string => `limit ${id}`
    const compiled = compileLimits({ spec: { ...spec, limits: [limit] }, place }, { compile, checkFeature })
    return compiled.map(findInLimit).flatMap((find) =>
      cases.map(({ given, expect }, at) => ({
        part: 'limit' as const,
        id,
        at,
        expected: expect,
        found: find(given, `limit ${id}, case ${at + 1}`),
      })),
    )
  }

  const tried: readonly Tried[] = [
    ...spec.rules.map((rule) => ({
      part: 'rule' as const,
      id: rule.id,
      cases: casesOfRule(rule, rule.when),
      mutants: mutantsOf(rule.when).map(({ expression, change }) => ({
        cases: casesOfRule(rule, expression),
        change,
      })),
    })),
    ...spec.limits.map((limit) => ({
      part: 'limit' as const,
      id: limit.id,
      cases: casesOfLimit(limit),
      mutants: limitMutantsOf(limit).map(({ limit: other, change }) => ({
        cases: casesOfLimit(other),
        change,
      })),
    })),
  ]
  return {
    cases: tried.flatMap(({ cases }) => cases),
    withoutCases: tried.filter(({ cases }) => cases.length === 0).map(({ part, id }) => ({ part, id })),
    unnoticed: tried
      .filter(({ cases }) => cases.length > 0)
      .flatMap(({ part, id, mutants }) =>
        mutants
          .filter(({ cases }) => cases.every(({ expected, found }) => expected === found))
          .map(({ change }) => ({ part, id, change })),
      ),
  }
}
