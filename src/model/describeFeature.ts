import { figure } from './markdown.ts'
import type { ManifestFeature } from './manifest.ts'

const range = (values: readonly number[]): string => `${figure(values[0]!)} to ${figure(values.at(-1)!)}`

/** What is done to a feature, in words. */
export const preprocessingOf = (feature: ManifestFeature): string => {
  switch (feature.kind) {
    case 'quantile':
      return `quantile between ${feature.knots.length} knots from ${range(feature.knots.map(([value]) => value))}`
    case 'oneHot':
      return `one-hot of ${feature.values.map(figure).join(', ')}`
    case 'bins':
      return `bin of ${feature.edges.length + 1}, edges ${range(feature.edges)}${feature.edgeIn === 'below' ? ' (an edge lies below)' : ''}${feature.float32 === true ? ', compared in float32' : ''}`
    case 'ranks':
      return 'rank among the thresholds of the trees'
    case 'standardise':
    case undefined: {
      const clip = feature.clip === undefined ? [] : [`clip ${range(feature.clip)}`]
      const log = feature.log1p === true ? ['log'] : []
      return [...clip, ...log, `minus ${figure(feature.mean)}, over ${figure(feature.scale)}`].join(', ')
    }
  }
}

/** What stands for an unknown value, in words. */
export const unknownOf = (feature: ManifestFeature): string => {
  if (feature.kind === 'ranks') return 'a side of its own at each node'
  return `${feature.kind === 'oneHot' ? 'none of them' : figure(feature.whenMissing)}${feature.missingIndicator ? ', and a flag' : ''}`
}
