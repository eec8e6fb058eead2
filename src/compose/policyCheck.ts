import { compilePolicyText, type Policy } from '../decision/policy.ts'
import type { PolicySpec } from '../decision/policySchema.ts'
import { readPolicyText } from '../decision/policyText.ts'
import { SluiceError } from '../errors.ts'
import { compileFeatures } from '../features/plan.ts'
import { policyDeps } from './policyDeps.ts'

/** A policy as far as it could be understood, and everything that is wrong with it. */
export type CheckedPolicy = {
  /** Null where something is wrong. */
  readonly policy: Policy | null
  readonly spec: PolicySpec | null
  /** Each names its place in the file. */
  readonly problems: readonly string[]
  /** What a policy may do and its writer should know. */
  readonly warnings: readonly string[]
}

const refusals: readonly string[] = ['POLICY_INVALID', 'FEATURE_UNKNOWN']

const warningsOf = ({ rules }: PolicySpec, now: number): readonly string[] =>
  rules.flatMap(({ id, cases, expires, outcome, final }) => [
    ...(cases.length === 0 ? [`rule ${id}: has no case`] : []),
    ...(expires !== undefined && Date.parse(expires) <= now ? [`rule ${id}: has expired on ${expires}`] : []),
    ...(final && outcome === 'ALLOW' ? [`rule ${id}: is final and stops nothing`] : []),
  ])

/**
 * All checks that a policy must pass before it may decide, but for those of the models beside it.
 * @param retentionMs how far back histories reach
 * @param now epoch milliseconds
 */
export const checkPolicy = (text: string, retentionMs: number, now: number): CheckedPolicy => {
  try {
    const read = readPolicyText(text)
    const policy = compilePolicyText(read, policyDeps)
    compileFeatures(policy.features, { retentionMs })
    return { policy, spec: read.spec, problems: [], warnings: warningsOf(read.spec, now) }
  } catch (error) {
    if (!(error instanceof SluiceError && refusals.includes(error.code))) throw error
    return { policy: null, spec: null, problems: error.problems, warnings: [] }
  }
}
