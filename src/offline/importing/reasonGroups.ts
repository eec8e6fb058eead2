import { parse } from 'yaml'
import { z } from 'zod'
import { SluiceError } from '../../errors.ts'
import type { ReasonGroup } from '../../model/manifest.ts'
import { baselineOf } from '../training/fitPreprocess.ts'

/** Reason code -> the features that speak for it; in a training specification it stands under `reasonGroups`. */
const groupsSchema = z.record(z.string(), z.array(z.string()).min(1).readonly()).readonly()
const fileSchema = z.union([z.object({ reasonGroups: groupsSchema }), groupsSchema])
export type GroupNames = z.infer<typeof groupsSchema>

/** @throws SluiceError FILE_INVALID */
export const parseGroups = (text: string, origin: string): GroupNames => {
  let yaml: unknown
  try {
    yaml = parse(text)
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${origin}: expected YAML`, { cause })
  }
  const parsed = fileSchema.safeParse(yaml)
  if (!parsed.success)
    throw new SluiceError('FILE_INVALID', `${origin}: expected lists of features by reason code`)
  const { data } = parsed
  const inner = groupsSchema.safeParse(data['reasonGroups'])
  return inner.success ? inner.data : groupsSchema.parse(data)
}

/**
 * The groups with the value that stands for "nothing unusual" of each feature: the middle one of the rows.
 * @param rows good payments, in the order of `names`
 * @throws SluiceError FILE_INVALID for a feature that the model does not use
 */
export const reasonGroupsOf = (
  groups: GroupNames,
  names: readonly string[],
  rows: readonly Float64Array[],
): readonly ReasonGroup[] =>
  Object.entries(groups).map(([code, features]) => ({
    code,
    baseline: Object.fromEntries(
      features.map((feature) => {
        const at = names.indexOf(feature)
        if (at < 0)
          throw new SluiceError('FILE_INVALID', `${code} names ${feature}, which the model does not use`)
        return [feature, baselineOf(rows.map((row) => row[at]!))]
      }),
    ),
  }))
