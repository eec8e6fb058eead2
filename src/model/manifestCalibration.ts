import { z } from 'zod'

const finite = z.number()

/** The probability is what the network says. */
const noneSchema = z.strictObject({ kind: z.literal('none') }).readonly()

/** probability = sigmoid(a * logit + b), after J. Platt. */
const plattSchema = z
  .strictObject({ kind: z.literal('platt'), a: z.number().positive(), b: finite })
  .readonly()

/** An output of the network as it comes (see `output`), and the probability that belongs to it. */
const pointSchema = z.tuple([finite, z.number().min(0).max(1)]).readonly()

/**
 * A monotone table: straight lines between the points, or steps (the probability of the last point at or below the
 * output); flat beyond the first and the last. Outputs that get one probability have no order among each other.
 */
const isotonicSchema = z
  .strictObject({
    kind: z.literal('isotonic'),
    interpolation: z.enum(['linear', 'step']),
    points: z
      .array(pointSchema)
      .min(1)
      .max(65_536)
      .refine((points) => points.every(([output], at) => at === 0 || output > points[at - 1]![0]), {
        error: 'the outputs of points must rise',
      })
      .refine((points) => points.every(([, share], at) => at === 0 || share >= points[at - 1]![1]), {
        error: 'the probabilities of points must not fall',
      })
      .readonly(),
  })
  .readonly()

/** From the network's output to a probability. */
export const calibrationSchema = z.discriminatedUnion('kind', [noneSchema, plattSchema, isotonicSchema])

export type PlattCalibration = z.infer<typeof plattSchema>
export type IsotonicCalibration = z.infer<typeof isotonicSchema>
