import { rawRow } from './golden.ts'
import type { Manifest, ReasonGroup } from './manifest.ts'
import type { CompileInputs } from './inputs.ts'
import type { Preprocess } from './preprocess.ts'
import type { Runner } from './runner.ts'

/** Writes a group's baseline over the inputs of the network that belong to it. */
type Replace = (into: Float32Array, offset: number) => void

const compileReplace = (
  features: Manifest['features'],
  compileInputs: CompileInputs,
  group: ReasonGroup,
): Replace => {
  const { columns, columnsOf, write } = compileInputs(features.map((_, at) => at))
  const slots = new Float32Array(columns)
  write(rawRow(features.map((feature) => group.baseline[feature.name] ?? null)), slots, 0)

  const owned = features.flatMap((feature, at) =>
    Object.hasOwn(group.baseline, feature.name) ? columnsOf[at]! : [],
  )
  return (into, offset) => {
    for (const column of owned) into[offset + column] = slots[column]!
  }
}

/**
 * Contribution of each reason group: the log-odds as they are less the log-odds with the group's features
 * at their baseline. All rows and groups go through the network together.
 */
export const compileExplain = (
  { features, reasonGroups }: Manifest,
  compileInputs: CompileInputs,
  preprocess: Preprocess,
  run: Runner,
  logOdds: (output: number) => number,
): ((rows: readonly Float64Array[]) => readonly Float64Array[]) => {
  const replacements = reasonGroups.map((group) => compileReplace(features, compileInputs, group))
  /** Each row is scored as it is, then once for each group. */
  const versions = replacements.length + 1

  return (rows) => {
    const outputs = run(rows.length * versions, (line, into, offset) => {
      preprocess.write(rows[Math.floor(line / versions)]!, into, offset)
      replacements[(line % versions) - 1]?.(into, offset)
    })
    return rows.map((_, row) => {
      const first = row * versions
      const asItIs = logOdds(outputs[first]!)
      return Float64Array.from(
        replacements,
        (_replace, group) => asItIs - logOdds(outputs[first + 1 + group]!),
      )
    })
  }
}
