import { parseJson } from '../../model/manifest.ts'
import type { Forest } from '../../model/trees/forest.ts'
import { refuse } from './refuse.ts'
import { type XgboostFile, xgboostSchema } from './xgboostSchema.ts'
import { readXgboostTree } from './xgboostTree.ts'

type Booster = XgboostFile['learner']['gradient_booster']

/** Log-odds of `base_score`, in float32 as XGBoost computes them. */
const baseOf = (written: number | string, origin: string): number => {
  const text = String(written).replace(/^\[(.*)\]$/, '$1')
  const probability = Math.fround(Number(text))
  if (!(text.trim() !== '' && probability > 0 && probability < 1))
    refuse(origin, `base_score: expected one probability between 0 and 1, found ${JSON.stringify(written)}`)
  return Math.fround(-Math.log(Math.fround(Math.fround(1 / probability) - 1)))
}

const treesOf = ({ name, model, gbtree, weight_drop: drops }: Booster, origin: string) => {
  if (name === 'gbtree' && model !== undefined) return { ...model, weights: model.trees.map(() => 1) }
  if (name === 'dart' && gbtree !== undefined && drops?.length === gbtree.model.trees.length)
    return { ...gbtree.model, weights: drops.map(Math.fround) }
  return refuse(origin, `expected the booster gbtree or dart with its trees, found ${name}`)
}

/** How many trees the first `rounds` rounds grew; a round may grow several. */
const treesIn = (
  rounds: number,
  indptr: readonly number[] | undefined,
  trees: number,
  origin: string,
): number => {
  const last = indptr === undefined ? trees : indptr.length - 1
  if (rounds > last) refuse(origin, `expected at least ${rounds} rounds, found ${last}`)
  return indptr?.[rounds] ?? rounds
}

/**
 * After early stopping the scikit-learn wrapper predicts with the best round, `Booster.predict` with all: the file
 * does not say which is meant.
 */
const refuseAmbiguous = (attributes: Readonly<Record<string, string>>, all: number, origin: string): void => {
  const best = Number(attributes['best_iteration'] ?? NaN) + 1
  if (best < all)
    refuse(
      origin,
      `training stopped early: say --rounds ${best} (as the scikit-learn wrapper predicts) or --rounds ${all} (as Booster.predict does)`,
    )
}

/**
 * Reads what XGBoost's `save_model` writes to a file whose name ends in `.json`.
 * @param rounds take only the first ones; null for all
 * @throws SluiceError MODEL_INVALID for what is not such a file, or is not understood
 */
export const readXgboost = (text: string, origin: string, rounds: number | null): Forest => {
  if (!text.trimStart().startsWith('{"') && !text.trimStart().startsWith('{\n'))
    refuse(
      origin,
      'expected JSON, as save_model writes it to a name that ends in .json (not UBJSON, not a pickle)',
    )
  const { learner } = parseJson(xgboostSchema, text, origin)
  const { learner_model_param: param, objective, gradient_booster: booster } = learner
  if (objective.name !== 'binary:logistic')
    refuse(origin, `expected the objective binary:logistic, found ${objective.name}`)
  if (Number(param.num_class ?? 0) > 1 || Number(param.num_target ?? 1) > 1)
    refuse(origin, 'expected one output, found several classes or targets')

  const { trees, weights, iteration_indptr: indptr } = treesOf(booster, origin)
  const all = indptr === undefined ? trees.length : indptr.length - 1
  if (rounds === null) refuseAmbiguous(learner.attributes ?? {}, all, origin)
  const used = trees.slice(0, treesIn(rounds ?? all, indptr, trees.length, origin))
  const features = Number(param.num_feature)
  return {
    comparison: 'below-float32',
    sum: 'float32',
    base: baseOf(param.base_score, origin),
    scale: 1,
    features,
    names: learner.feature_names ?? [],
    trees: used.map((tree, at) => readXgboostTree(tree, features, weights[at] ?? 1, `${origin}: tree ${at}`)),
  }
}
