import type { Forest } from '../../model/trees/forest.ts'
import { countOf, type Section, splitLightgbm, textOf } from './lightgbmText.ts'
import { readLightgbmTree } from './lightgbmTree.ts'
import { refuse } from './refuse.ts'

/** How steep the objective's sigmoid is: `binary sigmoid:1`. */
const steepnessOf = (header: Section, origin: string): number => {
  const [name, ...settings] = textOf(header, 'objective', origin).split(/\s+/)
  const setting = settings.find((each) => each.startsWith('sigmoid:'))
  const steepness = Number(setting?.slice('sigmoid:'.length))
  if (name === 'binary' && steepness > 0 && Number.isFinite(steepness)) return steepness
  return refuse(
    origin,
    `expected objective=binary sigmoid:K, found ${JSON.stringify(header.get('objective'))}`,
  )
}

/**
 * Reads LightGBM's text model, as `Booster.save_model` writes it. Leaves of a random forest (`average_output`) are averaged.
 * @param rounds take only the first ones; null for all
 * @throws SluiceError MODEL_INVALID for what is not such a file, or is not understood
 */
export const readLightgbm = (text: string, origin: string, rounds: number | null): Forest => {
  const { header, trees } = splitLightgbm(text, origin)
  if (countOf(header, 'num_class', origin) !== 1 || countOf(header, 'num_tree_per_iteration', origin) !== 1)
    refuse(origin, 'expected one output, found several classes')
  const features = countOf(header, 'max_feature_idx', origin) + 1
  const used = trees.slice(0, rounds ?? trees.length)
  if (used.length === 0 || used.length < (rounds ?? 1))
    refuse(origin, `expected at least ${rounds ?? 1} trees, found ${trees.length}`)
  const steepness = steepnessOf(header, origin)
  return {
    comparison: 'at-most-float64',
    sum: 'float64',
    base: 0,
    scale: header.has('average_output') ? steepness / used.length : steepness,
    features,
    names: textOf(header, 'feature_names', origin).split(/\s+/),
    trees: used.map((tree, at) => readLightgbmTree(tree, features, `${origin}: tree ${at}`)),
  }
}
