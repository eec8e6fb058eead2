import type { PolicySpec } from '../../decision/policySchema.ts'

/** What stood against a way to ask the payer; empty: nothing that the features tell. */
export type StepUpReview = { readonly method: string; readonly unsafe: readonly string[] }

/** Which methods of the policy were unsafe for a payment, and by what. @param valueOf NaN where not known */
export const reviewStepUps = (
  { stepUp }: Pick<PolicySpec, 'stepUp'>,
  valueOf: (feature: string) => number,
): readonly StepUpReview[] =>
  stepUp.map(({ method, unsafeIf, unknownIs }) => ({
    method,
    unsafe: unsafeIf.flatMap((name) => {
      const value = valueOf(name)
      if (value > 0) return [name]
      return Number.isNaN(value) && unknownIs === 'UNSAFE' ? [`${name} is not known`] : []
    }),
  }))
