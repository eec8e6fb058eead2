import { compilePolicyText } from '../decision/policy.ts'
import type { PolicySpec } from '../decision/policySchema.ts'
import { readPolicyText } from '../decision/policyText.ts'
import { compileFeatures } from '../features/plan.ts'
import type { Bundle } from '../model/bundle.file.ts'
import { loadBundle } from '../model/bundle.file.ts'
import type { Trust } from '../model/trust.ts'
import { policyDeps } from './policyDeps.ts'
import { rowNames } from './rowNames.ts'

export type ReadOrder = { readonly modelsDir: string; readonly trust: Trust; readonly retentionMs: number }

/** A bundle and its policy, verified, as plain data that can go from one thread to another. */
export type ReadBundle = { readonly bundle: Bundle; readonly policy: PolicySpec }

/**
 * All of the checks that need no model: hashes, signature, names, features, the policy and its cases.
 * @throws SluiceError POLICY_INVALID, FEATURE_UNKNOWN or what `loadBundle` throws
 */
export const readBundle = async ({ modelsDir, trust, retentionMs }: ReadOrder): Promise<ReadBundle> => {
  const bundle = await loadBundle(modelsDir, trust)
  const text = readPolicyText(bundle.policyText)
  const { features } = compilePolicyText(text, policyDeps)
  compileFeatures(rowNames(bundle, features), { retentionMs })
  return { bundle, policy: text.spec }
}
