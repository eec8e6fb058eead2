import type { BackendName } from '../../model/pin.ts'
import type { Example } from './dataset.ts'
import { splitByTime } from './dataset.ts'
import { fitFeatures } from './fitPreprocess.ts'
import { type Variant, variantsOf } from './grid.ts'
import { inputsOf } from './inputs.ts'
import { bestOf, searchGrid, type Tried } from './searchGrid.process.ts'
import type { TrainingSpec } from './spec.ts'

/** What the grid came to. */
export type Searched = {
  readonly spec: TrainingSpec
  readonly tried: readonly (Tried & { readonly changes: Variant['changes'] })[]
}

/**
 * The spec with the values of its grid that were best on the validation part; the spec itself where it has no grid.
 * @throws SluiceError FILE_INVALID
 */
export const chooseSpec = async (
  spec: TrainingSpec,
  origin: string,
  examples: readonly Example[],
  engine: BackendName,
  onTried: (variant: Variant, tried: Tried) => void,
): Promise<Searched> => {
  const variants = variantsOf(spec, origin)
  if (variants.length === 1) return { spec: variants[0]!.spec, tried: [] }
  const { training, validation } = splitByTime(examples, spec)
  const features = fitFeatures(spec.features, training)
  const tried = await searchGrid(
    variants,
    engine,
    inputsOf(features, training),
    inputsOf(features, validation),
    onTried,
  )
  return {
    spec: bestOf(variants, tried).spec,
    tried: variants.map(({ changes }, at) => ({ changes, ...tried[at]! })),
  }
}
