import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readLightgbm } from '../../../../src/offline/importing/lightgbm.ts'
import { featureNamesOf } from '../../../../src/offline/importing/names.ts'
import { readLightgbmTree } from '../../../../src/offline/importing/lightgbmTree.ts'
import { readXgboost } from '../../../../src/offline/importing/xgboost.ts'
import { readXgboostTree } from '../../../../src/offline/importing/xgboostTree.ts'
import { throwing } from '../../../support/model/throwing.ts'
import { readLibraryModel } from '../../../support/trees/library.ts'

const folder = fileURLToPath(new URL('../../../support/trees/library', import.meta.url))
const xgboost = readLibraryModel(folder, 'xgboost')
const lightgbm = readLibraryModel(folder, 'lightgbm')

const replaced = (text: string, original: string | RegExp, replacement: string): string => {
  const changed = text.replace(original, replacement)
  expect(changed).not.toBe(text)
  return changed
}

describe('a tree of both libraries that is a chain', () => {
  const links = 40_000
  const at = Array.from({ length: links }, (_, node) => node)

  it('is refused before it is walked to its end: XGBoost', () => {
    const nodes = [...at, ...Array.from({ length: links + 1 }, () => -1)]
    const children = (first: number): readonly number[] =>
      nodes.map((node) =>
        node < 0 ? -1 : first === 0 ? (node + 1 < links ? node + 1 : links) : links + 1 + node,
      )
    const zeros = nodes.map(() => 0 as const)
    const tree = {
      left_children: children(0),
      right_children: children(1),
      split_indices: zeros,
      split_conditions: zeros,
      default_left: zeros,
      tree_param: {},
    }
    expect(throwing(() => readXgboostTree(tree, 1, 1, 'm')).message).toMatch(/at most 1000 levels/)
  })

  it('is refused before it is walked to its end: LightGBM', () => {
    const section = new Map([
      ['num_leaves', String(links + 1)],
      ['leaf_value', Array.from({ length: links + 1 }, () => '0').join(' ')],
      ...['split_feature', 'threshold', 'decision_type'].map(
        (key) => [key, at.map(() => '0').join(' ')] as const,
      ),
      ['left_child', at.map((node) => (node + 1 < links ? node + 1 : -1 - links)).join(' ')],
      ['right_child', at.map((node) => -1 - node).join(' ')],
    ])
    expect(throwing(() => readLightgbmTree(section, 1, 'm')).message).toMatch(/at most 1000 levels/)
  })
})

describe('XGBoost models that are refused', () => {
  const refusal = (original: string | RegExp, replacement: string): string =>
    throwing(() => readXgboost(replaced(xgboost.text, original, replacement), 'm.json', null)).message

  it.each([
    [
      'another objective',
      '"binary:logistic"',
      '"multi:softprob"',
      /expected the objective binary:logistic, found multi/,
    ],
    ['classes', '"num_class":"0"', '"num_class":"3"', /expected one output/],
    ['targets', '"num_target":"1"', '"num_target":"2"', /expected one output/],
    [
      'vectors in leaves',
      '"size_leaf_vector":"1"',
      '"size_leaf_vector":"2"',
      /tree 0: expected one value a leaf/,
    ],
    ['splits by category', '"split_type":[0', '"split_type":[1', /tree 0: splits by category/],
    ['categories of a node', '"categories_nodes":[]', '"categories_nodes":[0]', /tree 0: splits by category/],
    [
      'linear boosters',
      '"name":"gbtree"',
      '"name":"gblinear"',
      /expected the booster gbtree or dart.*found gblinear/,
    ],
    [
      'a base that is no probability',
      /"base_score":"\[[^\]]*\]"/,
      '"base_score":"[1.5E0]"',
      /base_score: expected one/,
    ],
    ['several bases', /"base_score":"\[/, '"base_score":"[5E-1,', /base_score: expected one probability/],
    [
      'a child that is not there',
      '"left_children":[1',
      '"left_children":[99',
      /tree 0: expected nodes 0 to \d+, found 99/,
    ],
    ['a loop', '"left_children":[1', '"left_children":[0', /reached twice/],
    [
      'a feature too many',
      '"num_feature":"5","num_target"',
      '"num_feature":"2","num_target"',
      /expected features 0 to 1, found/,
    ],
    ['columns of different lengths', '"right_children":[2,', '"right_children":[', /nodes in every column/],
    ['a number in the wrong place', '"split_conditions":[', '"split_conditions":["x",', /split_conditions/],
  ])('%s', (_, original, replacement, message) => {
    expect(refusal(original, replacement)).toMatch(message)
  })

  it('what is not JSON', () => {
    const error = throwing(() => readXgboost('{L\u0000\u0007learner', 'm.ubj', null))
    expect(error).toMatchObject({ code: 'MODEL_INVALID' })
    expect(error.message).toMatch(/m.ubj: expected JSON, as save_model writes it/)
  })

  it('early stopping, until somebody says how many rounds count', () => {
    const stopped = replaced(xgboost.text, '"attributes":{}', '"attributes":{"best_iteration":"4"}')
    expect(throwing(() => readXgboost(stopped, 'm.json', null)).message).toMatch(
      /--rounds 5 .* or --rounds 8 /,
    )
    expect(readXgboost(stopped, 'm.json', 5).trees).toHaveLength(5)
    expect(throwing(() => readXgboost(stopped, 'm.json', 9)).message).toMatch(
      /expected at least 9 rounds, found 8/,
    )
  })
})

describe('XGBoost models of other releases', () => {
  it('have base_score as a number or a text, and flags as booleans', () => {
    const [, base = ''] = /"base_score":"\[([^\]]*)\]"/.exec(xgboost.text) ?? []
    for (const written of [`"${base}"`, base]) {
      const older = replaced(xgboost.text, /"base_score":"[^"]*"/, `"base_score":${written}`)
      expect(readXgboost(older, 'm.json', null)).toEqual(xgboost.forest)
    }
    const booleans = xgboost.text.replace(/"default_left":\[[^\]]*\]/g, (flags) =>
      flags.replace(/0/g, 'false').replace(/1/g, 'true'),
    )
    expect(booleans).toContain('"default_left":[true')
    expect(readXgboost(booleans, 'm.json', null)).toEqual(xgboost.forest)
  })
})

describe('LightGBM models that are refused', () => {
  const refusal = (original: string | RegExp, replacement: string): string =>
    throwing(() => readLightgbm(replaced(lightgbm.text, original, replacement), 'm.txt', null)).message

  it.each([
    [
      'another objective',
      'objective=binary sigmoid:1',
      'objective=regression',
      /expected objective=binary sigmoid:K, found "regression"/,
    ],
    ['classes', 'num_class=1', 'num_class=3', /expected one output/],
    ['linear trees', 'is_linear=0', 'is_linear=1', /tree 0: has linear models in its leaves/],
    ['splits by category', 'num_cat=0', 'num_cat=1', /tree 0: splits by category/],
    ['a categorical decision', /decision_type=\d+/, 'decision_type=1', /tree 0, node 0: splits by category/],
    [
      'an unknown type of missing',
      /decision_type=\d+/,
      'decision_type=14',
      /decision_type below 12, found 14/,
    ],
    ['a leaf that is not there', /left_child=\S+/, 'left_child=-99', /expected 8 leaves, found leaf 98/],
    ['a loop', /left_child=\S+/, 'left_child=0', /reached twice/],
    ['a column that is too short', /threshold=\S+ /, 'threshold=', /threshold: expected 7 numbers/],
    ['a number that is none', /threshold=\S+ /, 'threshold=nan ', /threshold: expected 7 numbers/],
    ['a file that ends early', 'end of trees', '', /expected the line "end of trees"/],
    ['another file', /^tree/, 'forest', /expected a text model of LightGBM/],
    ['a feature too many', 'max_feature_idx=4', 'max_feature_idx=1', /expected features 0 to 1, found/],
  ])('%s', (_, original, replacement, message) => {
    expect(refusal(original, replacement)).toMatch(message)
  })

  it('fewer trees than asked for', () => {
    expect(readLightgbm(lightgbm.text, 'm.txt', 3).trees).toHaveLength(3)
    expect(throwing(() => readLightgbm(lightgbm.text, 'm.txt', 9)).message).toMatch(
      /at least 9 trees, found 8/,
    )
  })
})

describe('names of features', () => {
  const five = ['a', 'b', 'c', 'd', 'e']

  it('are those said, or those of the file', () => {
    expect(featureNamesOf(lightgbm.forest, five)).toEqual(five)
    expect(featureNamesOf({ ...xgboost.forest, names: five }, null)).toEqual(five)
  })

  it('are missing, too few, or in another order', () => {
    expect(throwing(() => featureNamesOf(lightgbm.forest, null)).message).toMatch(/5 columns without names/)
    expect(throwing(() => featureNamesOf(xgboost.forest, ['a'])).message).toMatch(/expected the 5 features/)
    const turned = throwing(() => featureNamesOf({ ...xgboost.forest, names: five }, five.toReversed()))
    expect(turned).toMatchObject({ code: 'USAGE' })
    expect(turned.message).toMatch(/column 0 of the model is a, got e/)
  })
})
