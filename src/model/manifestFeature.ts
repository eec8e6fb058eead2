import { z } from 'zod'

const finite = z.number()

const rises = (values: readonly number[]): boolean =>
  values.every((value, at) => at === 0 || value > values[at - 1]!)

const rising = (what: string) =>
  z
    .array(finite)
    .min(1)
    .max(4096)
    .refine(rises, { error: `${what} must rise` })
    .readonly()

const optional = z
  .boolean()
  .optional()
  .describe('true: under overload it may be left unknown, as the model can do without it')

/** What all kinds have. */
const common = {
  name: z.string().min(1).describe('as sluice features list has it'),
  missingIndicator: z.boolean().describe('adds an input that is 1 where the value was unknown, else 0'),
  optional,
}
const whenMissing = finite.describe(
  'the raw value that stands for an unknown one; it goes through the same steps',
)

/** One input: `clip`; `log1p` as sign(x) ln(1 + |x|); then (x - mean) / scale. The kind that need not be named. */
const standardiseSchema = z
  .strictObject({
    kind: z.literal('standardise').optional(),
    ...common,
    clip: z
      .tuple([finite, finite])
      .refine(([low, high]) => low < high, { error: 'clip must be [low, high]' })
      .readonly()
      .optional(),
    log1p: z.boolean().optional(),
    mean: finite,
    scale: z.number().positive(),
    whenMissing,
  })
  .readonly()
  .describe('one input: clipped, then sign(x) ln(1 + |x|) with log1p, less mean, over scale')

/** A value, and the share of the training values that lie below it. */
const knotSchema = z.tuple([finite, z.number().min(0).max(1)]).readonly()

/** One input from 0 to 1: straight lines between the knots, flat beyond the first and the last. */
const quantileSchema = z
  .strictObject({
    kind: z.literal('quantile'),
    ...common,
    knots: z
      .array(knotSchema)
      .min(2)
      .max(4096)
      .refine((knots) => rises(knots.map(([value]) => value)), { error: 'the values of knots must rise' })
      .refine((knots) => knots.every(([, share], at) => at === 0 || share >= knots[at - 1]![1]), {
        error: 'the shares of knots must not fall',
      })
      .readonly(),
    whenMissing,
  })
  .readonly()
  .describe('one input from 0 to 1: straight lines between the knots [value, share], flat beyond them')

/** One input for each listed value: 1 where the feature equals it. All are 0 for any other value and for an unknown one. */
const oneHotSchema = z
  .strictObject({ kind: z.literal('oneHot'), ...common, values: rising('values') })
  .readonly()
  .describe(
    'one input for each listed value: 1 where the feature equals it; all 0 for others and unknown ones',
  )

/**
 * One input: in which bin the value lies, that is how many edges lie below it. A value that equals an edge lies in
 * the bin above that edge unless `edgeIn` says 'below'. With `float32` the value is rounded to float32 before it is compared.
 */
const binsSchema = z
  .strictObject({
    kind: z.literal('bins'),
    ...common,
    edges: rising('edges'),
    edgeIn: z.enum(['above', 'below']).optional(),
    float32: z.boolean().optional(),
    whenMissing,
  })
  .readonly()
  .describe('one input: how many edges lie below the value; at an edge it lies above unless edgeIn is below')

/** Of a model of format `trees`: the value is ranked among the thresholds that the trees themselves hold. */
const ranksSchema = z.strictObject({ kind: z.literal('ranks'), name: common.name, optional }).readonly()

/** How a raw value becomes inputs of the network. */
export const featureSchema = z.discriminatedUnion('kind', [
  standardiseSchema,
  quantileSchema,
  oneHotSchema,
  binsSchema,
  ranksSchema,
])

export type StandardiseFeature = z.infer<typeof standardiseSchema>
export type QuantileFeature = z.infer<typeof quantileSchema>
export type OneHotFeature = z.infer<typeof oneHotSchema>
export type BinsFeature = z.infer<typeof binsSchema>
