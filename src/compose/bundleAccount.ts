import type { BundleAccount, ReasonGroup } from '../domain/bundleAccount.ts'
import type { Bundle } from '../model/bundle.file.ts'
import { canonicalJson } from '../model/canonical.ts'

type Told = Pick<Bundle, 'bundleHash' | 'active' | 'champion' | 'challengers' | 'policyText'>

const groupsOf = ({ manifest }: Bundle['champion']): readonly ReasonGroup[] =>
  manifest.reasonGroups.map(({ code, baseline }) => ({
    model: `${manifest.id}/${manifest.version}`,
    code,
    features: Object.entries(baseline).map(([name, usual]) => ({ name, usual: usual ?? NaN })),
  }))

/** @param featureNames the names of a row's places */
export const accountOf = (bundle: Told, featureNames: readonly string[]): BundleAccount => ({
  bundleHash: bundle.bundleHash,
  active: canonicalJson(bundle.active),
  policyText: bundle.policyText,
  featureNames,
  reasonGroups: [bundle.champion, ...bundle.challengers].flatMap(groupsOf),
})
