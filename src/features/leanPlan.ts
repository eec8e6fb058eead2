import { compileFeatures, type FeaturePlan, type FeatureSettings } from './plan.ts'

/**
 * A plan for the same rows that computes only what is needed: the other numbers are NaN, and do not make a payment
 * degraded. null: everything is needed.
 */
export const compileLean = (
  names: readonly string[],
  needed: ReadonlySet<string>,
  settings: FeatureSettings,
): FeaturePlan | null => {
  const kept = names.filter((name) => needed.has(name))
  if (kept.length === names.length) return null
  const plan = compileFeatures(kept, settings)
  const places = Int32Array.from(kept, (name) => names.indexOf(name))
  /** Computing is synchronous: one row serves all. */
  const numbers = new Float64Array(kept.length)
  return {
    names,
    compute: (recalled, row, lagging) => {
      const degraded = plan.compute(recalled, numbers, lagging)
      row.fill(NaN)
      places.forEach((place, i) => {
        row[place] = numbers[i] ?? NaN
      })
      return degraded
    },
  }
}
