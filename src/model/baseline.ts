import { z } from 'zod'

const share = z.number().min(0).max(1)
const edges = z
  .array(z.number())
  .max(100)
  .refine((all) => all.every((edge, at) => at === 0 || edge > (all[at - 1] ?? Infinity)), {
    error: 'edges must rise',
  })
  .readonly()
/** Of the known values; rounding may take a little from their sum. */
const shares = z
  .array(share)
  .refine((all) => Math.abs(all.reduce((sum, each) => sum + each, 0) - 1) < 1e-6, {
    error: 'expected shares that add up to 1',
  })
  .readonly()

const isCut = (cut: { readonly edges: readonly number[]; readonly shares: readonly number[] }): boolean =>
  cut.shares.length === cut.edges.length + 1
const cutError = { error: 'expected one share more than there are edges' }

const scoreSchema = z.strictObject({ edges, shares }).refine(isCut, cutError).readonly()
const featureSchema = z
  .strictObject({ edges, shares, unknownShare: share })
  .refine(isCut, cutError)
  .readonly()

/**
 * How scores and features were distributed where the model was trained. Bin k holds edges[k-1] <= x < edges[k];
 * `shares` are of the known values, `unknownShare` is of all.
 */
export const baselineSchema = z
  .strictObject({ score: scoreSchema, features: z.record(z.string(), featureSchema).readonly() })
  .readonly()
export type Baseline = z.infer<typeof baselineSchema>
export type Distribution = z.infer<typeof scoreSchema>

/** What is wrong with a baseline beside the features of its manifest. */
export const baselineProblems = (
  baseline: Baseline | undefined,
  features: readonly string[],
): readonly string[] => {
  const known = new Set(features)
  return Object.keys(baseline?.features ?? {})
    .filter((name) => !known.has(name))
    .map((name) => `baseline: names ${name}, which is not in features`)
}

/** The bin of a known value: how many edges are at or below it. By halving, as edges rise. */
export const binOf = (value: number, edges: ArrayLike<number>, from = 0, to = edges.length): number => {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >>> 1
    if (value >= edges[middle]!) low = middle + 1
    else high = middle
  }
  return low - from
}
