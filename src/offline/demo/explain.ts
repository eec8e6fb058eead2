import type { Audit } from '../../domain/audit.ts'
import { rowNames } from '../../compose/rowNames.ts'
import { compilePolicy } from '../../decision/policy.ts'
import { readPolicyText } from '../../decision/policyText.ts'
import { loadBundle } from '../../model/bundle.file.ts'
import type { Trust } from '../../model/trust.ts'
import { evidenceFor } from './evidence.ts'
import { explanationLines } from './show/explanation.ts'
import type { Shown } from './showcase.ts'

/**
 * Makes the full account of a decision from its audit record, by the bundle that decided it. Without a record the
 * numbers behind the reasons are left out. @throws SluiceError MODEL_INVALID, MODEL_UNVERIFIED, MODEL_UNSIGNED, MODEL_UNSAFE, POLICY_INVALID
 */
export const createExplain = async (
  modelsDir: string,
  trust: Trust,
): Promise<(shown: Shown, audit: Audit | undefined) => readonly string[]> => {
  const bundle = await loadBundle(modelsDir, trust)
  const { champion, policyText } = bundle
  const { rules } = readPolicyText(policyText).spec
  // The processor has checked the names already.
  const { features } = compilePolicy(policyText, { isFeature: () => null })
  const names = rowNames(bundle, features)
  return (shown, audit) => {
    const row = new Map(names.map((name, at) => [name, audit?.features[at] ?? NaN]))
    return explanationLines(shown, (reason) => evidenceFor(champion.manifest, rules, reason, row))
  }
}
