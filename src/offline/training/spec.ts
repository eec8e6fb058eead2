import { parse } from 'yaml'
import { z } from 'zod'
import { SluiceError } from '../../errors.ts'
import { thresholdRuleSchema } from './thresholdRules.ts'

/** What `sluice train` is asked to make. Every choice that changes the result is in here. */
const specSchema = z
  .strictObject({
    id: z.string(),
    version: z.string(),
    description: z.string().optional(),
    features: z.array(z.string()).min(1).readonly(),
    hidden: z.array(z.int().min(1).max(1024)).min(1).max(6).readonly(),
    /** Threshold-like inputs that each preprocessed input becomes, about; 0: the input as it is. */
    ramps: z.int().min(0).max(256).default(0),
    /** Networks of other seeds whose logits are averaged. */
    members: z.int().min(1).max(32).default(1),
    seed: z.int().nonnegative(),
    epochs: z.int().positive(),
    /** Which epoch's weights are taken: the best one's on the validation part, or the last one's. */
    take: z.enum(['best', 'last']).default('best'),
    /** Train again with the validation part, for as many epochs, once they and the calibration are chosen. */
    refit: z.boolean().default(false),
    calibration: z.enum(['platt', 'isotonic']).default('platt'),
    /** Epochs without a better average precision after which training ends. */
    patience: z.int().positive(),
    batchRows: z.int().positive(),
    learningRate: z.number().positive(),
    weightDecay: z.number().nonnegative(),
    /** How many times a fraud counts in the loss. */
    fraudWeight: z.number().positive(),
    /** Focal loss: 0 is plain cross-entropy; above, what is already right counts less. */
    focalGamma: z.number().nonnegative(),
    /** Days at the beginning that are left out, as the histories behind their features are still short. */
    warmUpDays: z.number().nonnegative(),
    /** Last share of the time that remains, kept for early stopping, calibration and thresholds. */
    validationShare: z.number().gt(0).lt(1),
    /** Days before the validation part that are left out, as their labels would not be known yet. */
    gapDays: z.number().nonnegative(),
    /** Shares of good payments stopped for which a threshold is written down. */
    thresholdShares: z.array(z.number().gt(0).lt(1)).readonly(),
    /** More thresholds, chosen for a budget or for costs. */
    thresholds: z.array(thresholdRuleSchema).readonly().default([]),
    /** Fields of this spec -> values to try, every combination in a thread of its own; the best one is taken. */
    grid: z.record(z.string(), z.array(z.json()).min(1).readonly()).readonly().default({}),
    /** Reason code -> the features that speak for it. */
    reasonGroups: z.record(z.string(), z.array(z.string()).min(1).readonly()).readonly(),
  })
  .refine((spec) => new Set(spec.features).size === spec.features.length, {
    error: 'features: a name is listed twice',
  })
  .refine(
    (spec) =>
      Object.values(spec.reasonGroups).every((names) => names.every((name) => spec.features.includes(name))),
    { error: 'reasonGroups may name only what is in features' },
  )
  .readonly()
export type TrainingSpec = z.infer<typeof specSchema>

/** @throws SluiceError FILE_INVALID */
export const parseSpec = (text: string, origin: string): TrainingSpec => {
  let yaml: unknown
  try {
    yaml = parse(text)
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${origin}: expected YAML`, { cause })
  }
  return checkSpec(yaml, origin)
}

/** @throws SluiceError FILE_INVALID */
export const checkSpec = (yaml: unknown, origin: string): TrainingSpec => {
  const parsed = specSchema.safeParse(yaml)
  if (parsed.success) return parsed.data
  throw new SluiceError('FILE_INVALID', `${origin}:\n${z.prettifyError(parsed.error)}`)
}
