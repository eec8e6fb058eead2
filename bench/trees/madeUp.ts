import { sigmoid } from '../../src/model/calibrate.ts'
import { compileForest } from '../../src/model/trees/compileForest.ts'
import type { Forest, ForestNode } from '../../src/model/trees/forest.ts'
import { createWalk } from '../../src/model/trees/walk.ts'
import { compileRanks } from '../../src/model/trees/ranks.ts'
import { createRng } from '../../src/offline/simulator/rng.ts'
import type { Measured } from './measured.ts'
import type { TreesOptions } from './options.ts'

/** As many thresholds a feature as a histogram of 256 bins leaves. */
const bins = 255
const unknownShare = 0.1

/** Full trees over features that lie evenly between 0 and 1, and 64 rows of them; the same each time. */
export const makeUp = ({
  trees,
  treeDepth,
  features,
}: Pick<TreesOptions, 'trees' | 'treeDepth' | 'features'>): Measured => {
  const rng = createRng(20_261)
  const grow = (depth: number): ForestNode =>
    depth === 0
      ? { leaf: Math.fround((rng.next() - 0.5) / 10) }
      : {
          feature: rng.below(features),
          threshold: Math.fround((1 + rng.below(bins)) / (bins + 1)),
          missing: 'nan',
          missingLeft: rng.chance(0.5),
          left: grow(depth - 1),
          right: grow(depth - 1),
        }
  const forest: Forest = {
    comparison: 'below-float32',
    sum: 'float32',
    base: 0,
    scale: 1,
    features,
    names: [],
    trees: Array.from({ length: trees }, () => grow(treeDepth)),
  }
  const rows = Array.from({ length: 64 }, () =>
    Float64Array.from({ length: features }, () => (rng.chance(unknownShare) ? NaN : rng.next())),
  )
  const ensemble = compileForest(forest)
  const names = Array.from({ length: features }, (_, at) => `made_up.${at}`)
  const [row] = rows
  return {
    name: 'trees',
    rows,
    model: {
      network: { format: 'trees', ensemble },
      manifest: {
        manifestVersion: 1,
        id: 'made-up',
        version: '1',
        format: 'trees',
        output: 'logit',
        files: {},
        features: names.map((name) => ({ kind: 'ranks', name })),
        calibration: { kind: 'none' },
        reasonGroups: [],
        goldenTolerance: 1e-5,
        goldenVectors: [
          {
            row: Array.from(row!, (value) => (Number.isNaN(value) ? null : value)),
            probability: probabilityOf(ensemble, row!),
          },
        ],
        training: {},
        metrics: {},
        thresholds: [],
      },
    },
  }
}

const probabilityOf = (ensemble: ReturnType<typeof compileForest>, row: Float64Array): number => {
  const { columns, write } = compileRanks(ensemble, row.length, [...row.keys()])
  const input = new Float32Array(columns)
  write(row, input, 0)
  return sigmoid(createWalk(ensemble).predict(input, 1, columns)[0]!)
}
