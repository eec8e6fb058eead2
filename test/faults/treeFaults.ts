import type { Fault } from './plant.ts'

const ranks = 'test/unit/model/trees/ranks.test.ts'
const engines = 'test/unit/model/trees/engines.test.ts'
const file = 'test/unit/model/trees/ensembleFile.test.ts'
const command = 'test/unit/offline/importing/command.test.ts'
const refusals = 'test/unit/offline/importing/refusals.test.ts'

/** Of trees that other libraries trained: each was seen to be caught. */
export const treeFaults: readonly Fault[] = [
  {
    name: 'XGBoost compares in float64',
    file: 'src/model/trees/ranks.ts',
    original: 'countUpTo(thresholds, Math.fround(value), false)',
    replacement: 'countUpTo(thresholds, value, false)',
    tests: [ranks, engines],
  },
  {
    name: 'XGBoost sends what equals a threshold to the left',
    file: 'src/model/trees/ranks.ts',
    original: 'countUpTo(thresholds, Math.fround(value), false)',
    replacement: 'countUpTo(thresholds, Math.fround(value), true)',
    tests: [engines],
  },
  {
    name: 'LightGBM has no zone around zero',
    file: 'src/model/trees/ranks.ts',
    original: 'isNearZero(value) ? 0 : value',
    replacement: 'value',
    tests: [ranks, engines],
  },
  {
    name: 'an unknown value is sent to the wrong side',
    file: 'src/model/trees/ranks.ts',
    original: "whenMissing === 'left' ? -1 : thresholds.length",
    replacement: "whenMissing === 'right' ? -1 : thresholds.length",
    tests: [engines],
  },
  {
    name: 'zero is not missing where LightGBM says it is',
    file: 'src/model/trees/ranks.ts',
    original: 'Number.isNaN(value) || isNearZero(value) ? unknown',
    replacement: 'Number.isNaN(value) ? unknown',
    tests: [ranks, engines],
  },
  {
    name: 'the walk goes left where the rank is above',
    file: 'src/model/trees/walk.ts',
    original: '(rank[node]! - ranks[offset + inputOf[node]!]!) >>> 31',
    replacement: '(ranks[offset + inputOf[node]!]! - rank[node]!) >>> 31',
    tests: [engines],
  },
  {
    name: 'the tensors stop one level above the leaves',
    file: 'src/model/trees/tensorWalk.ts',
    original: 'level < depth',
    replacement: 'level < depth - 1',
    tests: [engines],
  },
  {
    name: 'two nodes that send unknown values to different sides share an input',
    file: 'src/model/trees/compileForest.ts',
    original: '`${feature} ${missing} ${missingLeft}`',
    replacement: '`${feature} ${missing} ${missingLeft ? 0 : 0}`',
    tests: [engines],
  },
  {
    name: 'a child may stand before its parent',
    file: 'src/model/trees/checkEnsemble.ts',
    original: 'if (child < node || child + 1 >= left.length)',
    replacement: 'if (child < 0 || child + 1 >= left.length)',
    tests: [file],
  },
  {
    name: 'what dart dropped counts in full',
    file: 'src/offline/importing/xgboost.ts',
    original: 'weights: drops.map(Math.fround)',
    replacement: 'weights: drops.map(() => 1)',
    tests: [engines],
  },
  {
    name: 'a base_score is taken for log-odds',
    file: 'src/offline/importing/xgboost.ts',
    original: 'return Math.fround(-Math.log(Math.fround(Math.fround(1 / probability) - 1)))',
    replacement: 'return probability',
    tests: [engines],
  },
  {
    name: 'the leaves of a random forest are summed',
    file: 'src/offline/importing/lightgbm.ts',
    original: "header.has('average_output') ? steepness / used.length : steepness",
    replacement: 'steepness',
    tests: [engines],
  },
  {
    name: 'the steepness of the sigmoid is ignored',
    file: 'src/offline/importing/lightgbm.ts',
    original: "Number(setting?.slice('sigmoid:'.length))",
    replacement: 'setting === undefined ? NaN : 1',
    tests: [engines],
  },
  {
    name: 'LightGBM without a type of missing sends NaN by its default',
    file: 'src/offline/importing/lightgbmTree.ts',
    original: 'missingLeft: 0 <= threshold }',
    replacement: 'missingLeft: defaultLeft }',
    tests: [engines],
  },
  {
    name: 'splits by category are read as numbers',
    file: 'src/offline/importing/xgboostTree.ts',
    original: 'nodes.length > 0 || types.some((type) => type !== 0)',
    replacement: 'nodes.length < 0 && types.some((type) => type !== 0)',
    tests: [refusals],
  },
  {
    name: 'early stopping is ignored',
    file: 'src/offline/importing/xgboost.ts',
    original: 'if (best < all)',
    replacement: 'if (best < 0)',
    tests: [refusals],
  },
  {
    name: 'reasons of trees replace the inputs of no feature',
    file: 'src/model/trees/ranks.ts',
    original: '(input.feature === feature ? [at] : [])',
    replacement: '(input.feature === -feature - 1 ? [at] : [])',
    tests: [ranks, command],
  },
]
