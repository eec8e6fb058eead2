import type { PolicyDeps } from '../decision/policy.ts'
import { SluiceError } from '../errors.ts'
import { lackableInputs } from '../features/degraded.ts'
import { parseFeatureName } from '../features/names.ts'
import { maskWords, networkText, parseNetwork } from '../intel/address.ts'

/** null: the name is a feature; else what is wrong with it. */
const featureProblem = (name: string): string | null => {
  try {
    parseFeatureName(name)
    return null
  } catch (error) {
    if (error instanceof SluiceError) return error.message
    throw error
  }
}

/** What a policy may name. */
export const policyDeps: PolicyDeps = {
  isFeature: featureProblem,
  degradedInputs: lackableInputs,
  addresses: { parseNetwork, maskWords, networkText },
}
