import type { Manifest, ManifestFeature } from '../../model/manifest.ts'
import { compilePreprocess } from '../../model/preprocess.ts'

/** One number that a reason rests on. */
export type Evidence = {
  readonly feature: string
  /** NaN: not known. */
  readonly value: number
  /** What the model takes for ordinary; null for a number that only a rule looks at, NaN for one that is not known. */
  readonly usual: number | null
}

/** What of a rule matters here. */
export type RuleText = { readonly reason: string; readonly when: string }

/** By name; NaN is "not known". */
export type Row = ReadonlyMap<string, number>

const shownAtMost = 4

/** In a condition a feature is written `f("account.count.10m")`. */
const featuresIn = (condition: string): readonly string[] =>
  [...condition.matchAll(/\bf\(\s*"([^"]+)"\s*\)/g)].flatMap(([, name]) => (name === undefined ? [] : [name]))

/** How far two values of a feature are from each other for the network, in its deviations. */
const distanceOf = (feature: ManifestFeature, a: number, b: number): number => {
  // Trees know no deviation: what changes counts.
  if (feature.kind === 'ranks') return Object.is(a, b) ? 0 : 1
  const { columns, write } = compilePreprocess([feature], [0])
  const inputs = new Float32Array(2 * columns)
  write([a], inputs, 0)
  write([b], inputs, columns)
  let sum = 0
  for (let column = 0; column < columns; column++)
    sum += Math.abs((inputs[column] ?? 0) - (inputs[columns + column] ?? 0))
  return sum
}

const ruleEvidence = (rules: readonly RuleText[], code: string, row: Row): readonly Evidence[] => {
  const features = rules.filter(({ reason }) => reason === code).flatMap(({ when }) => featuresIn(when))
  return [...new Set(features)].map((feature) => ({
    feature,
    value: row.get(feature) ?? NaN,
    usual: null,
  }))
}

const modelEvidence = (
  { features, reasonGroups }: Pick<Manifest, 'features' | 'reasonGroups'>,
  code: string,
  row: Row,
): readonly Evidence[] => {
  const baseline = reasonGroups.find((group) => group.code === code)?.baseline ?? {}
  return features
    .flatMap((feature) => {
      const usual = baseline[feature.name]
      if (usual === undefined) return []
      const value = row.get(feature.name) ?? NaN
      const evidence = { feature: feature.name, value, usual: usual ?? NaN }
      return [{ evidence, distance: distanceOf(feature, value, evidence.usual) }]
    })
    .filter(({ distance }) => distance > 0)
    .sort((a, b) => b.distance - a.distance)
    .map(({ evidence }) => evidence)
}

/**
 * The numbers behind one reason of a decision, those that are known: for what the model adds, the features of its
 * group that are furthest from what is ordinary, the furthest first; else what the rules with that reason look at.
 */
export const evidenceFor = (
  model: Pick<Manifest, 'features' | 'reasonGroups'>,
  rules: readonly RuleText[],
  { code, contribution }: { readonly code: string; readonly contribution: number | null },
  row: Row,
): readonly Evidence[] => {
  const evidence = contribution === null ? ruleEvidence(rules, code, row) : modelEvidence(model, code, row)
  return evidence.filter(({ value }) => !Number.isNaN(value)).slice(0, shownAtMost)
}
