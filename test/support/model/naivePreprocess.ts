import type { ManifestFeature as AnyFeature } from '../../../src/model/manifest.ts'

/** Ranks stand in trees, not in the manifest. */
type ManifestFeature = Exclude<AnyFeature, { readonly kind: 'ranks' }>

/** The last knot at or below, the next one, and the straight line between: by looking at all. */
const alongKnots = (knots: readonly (readonly [number, number])[], x: number): number => {
  const below = knots.filter(([value]) => value <= x).at(-1)
  const above = knots.find(([value]) => value > x)
  if (below === undefined) return knots[0]![1]
  if (above === undefined) return below[1]
  return below[1] + ((above[1] - below[1]) * (x - below[0])) / (above[0] - below[0])
}

const known = (feature: ManifestFeature, raw: number): readonly number[] => {
  switch (feature.kind) {
    case 'quantile':
      return [alongKnots(feature.knots, raw)]
    case 'oneHot':
      return feature.values.map((value) => Number(value === raw))
    case 'bins': {
      const x = feature.float32 === true ? Float32Array.of(raw)[0]! : raw
      return [feature.edges.filter((edge) => (feature.edgeIn === 'below' ? edge < x : edge <= x)).length]
    }
    case 'standardise':
    case undefined: {
      const [low, high] = feature.clip ?? [-Infinity, Infinity]
      const clipped = Math.min(high, Math.max(low, raw))
      const taken = feature.log1p === true ? Math.sign(clipped) * Math.log1p(Math.abs(clipped)) : clipped
      return [(taken - feature.mean) / feature.scale]
    }
  }
}

/** The inputs of the network for a row in the order of the features: the definition, said slowly. */
export const naiveInputs = (features: readonly AnyFeature[], row: readonly number[]): readonly number[] =>
  naiveEncoded(
    features.map((feature) => {
      if (feature.kind === 'ranks') throw new Error('expected features that the manifest encodes')
      return feature
    }),
    row,
  )

const naiveEncoded = (features: readonly ManifestFeature[], row: readonly number[]): readonly number[] => [
  ...features.flatMap((feature, at) => {
    const raw = row[at]!
    if (!Number.isNaN(raw)) return known(feature, raw)
    return feature.kind === 'oneHot' ? feature.values.map(() => 0) : known(feature, feature.whenMissing)
  }),
  ...features.flatMap((feature, at) => (feature.missingIndicator ? [Number(Number.isNaN(row[at]))] : [])),
]
