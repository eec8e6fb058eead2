import { SluiceError } from '../../errors.ts'
import type { Forest } from '../../model/trees/forest.ts'

/** What the libraries call features that were given no names. */
const generic = /^(f|Column_)\d+$/

/**
 * The features of the model in the order of its columns: as said, else as the model's file says.
 * @throws SluiceError USAGE if nobody says, or the two do not agree
 */
export const featureNamesOf = (forest: Forest, said: readonly string[] | null): readonly string[] => {
  const own = forest.names.every((name) => generic.test(name)) ? null : forest.names
  if (said === null) {
    if (own !== null && own.length === forest.features) return own
    throw new SluiceError(
      'USAGE',
      `--features is missing: the model was trained on ${forest.features} columns without names`,
    )
  }
  if (said.length !== forest.features)
    throw new SluiceError(
      'USAGE',
      `--features: expected the ${forest.features} features of the model, got ${said.length}`,
    )
  const other = said.findIndex((name, at) => own !== null && own[at] !== name)
  if (other < 0) return said
  throw new SluiceError(
    'USAGE',
    `--features: column ${other} of the model is ${own?.[other]}, got ${said[other]}; expected its order`,
  )
}
