import { SluiceError } from '../../errors.ts'
import { checkSpec, type TrainingSpec } from './spec.ts'

const mostVariants = 256

type Assignment = Readonly<Record<string, unknown>>

const combinations = (grid: TrainingSpec['grid']): readonly Assignment[] =>
  Object.entries(grid).reduce<readonly Assignment[]>(
    (found, [field, values]) =>
      found.flatMap((each) =>
        values.map((value) => Object.fromEntries([...Object.entries(each), [field, value]])),
      ),
    [{}],
  )

/** One thing to try: what differs from the spec, and the spec with it. */
export type Variant = { readonly changes: Assignment; readonly spec: TrainingSpec }

/** Fields that say what is learned, not how. */
const fixed = [
  'id',
  'version',
  'features',
  'grid',
  'reasonGroups',
  'warmUpDays',
  'validationShare',
  'gapDays',
]

/**
 * Every combination of the grid, in its order; the spec itself without a grid.
 * @throws SluiceError FILE_INVALID for a field or value that a spec cannot have, or too many combinations
 */
export const variantsOf = (spec: TrainingSpec, origin: string): readonly Variant[] => {
  const wrong = Object.keys(spec.grid).find((field) => fixed.includes(field))
  if (wrong !== undefined)
    throw new SluiceError(
      'FILE_INVALID',
      `${origin}: grid: ${wrong} cannot be varied, it says what is learned`,
    )
  const found = combinations(spec.grid)
  if (found.length > mostVariants)
    throw new SluiceError(
      'FILE_INVALID',
      `${origin}: grid: expected at most ${mostVariants} combinations, found ${found.length}`,
    )
  return found.map((changes) => ({ changes, spec: checkSpec({ ...spec, grid: {}, ...changes }, origin) }))
}
