import { accountOf } from '../../compose/bundleAccount.ts'
import { policyDeps } from '../../compose/policyDeps.ts'
import { rowNames } from '../../compose/rowNames.ts'
import { compilePolicy } from '../../decision/policy.ts'
import type { BundleAccount } from '../../domain/bundleAccount.ts'
import { SluiceError } from '../../errors.ts'
import { loadBundle } from '../../model/bundle.file.ts'
import type { Trust } from '../../model/trust.ts'

/** The bundle that the folder of models offers now; none where it cannot be read, with the reason. */
export const readActiveAccount = async (
  modelsFolder: string,
  trust: Trust,
): Promise<{ readonly accounts: readonly BundleAccount[]; readonly problem: string | null }> => {
  try {
    const bundle = await loadBundle(modelsFolder, { ...trust, unsigned: 'allow' })
    const { features } = compilePolicy(bundle.policyText, policyDeps)
    return { accounts: [accountOf(bundle, rowNames(bundle, features))], problem: null }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return { accounts: [], problem: error.message }
  }
}
