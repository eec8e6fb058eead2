import { z } from 'zod'
import { leafRank } from './ensemble.ts'

/** What `trees.json` holds; the arrays that it counts stand in `trees.bin`. */
export const headerSchema = z
  .strictObject({
    treesVersion: z.literal(1),
    comparison: z.enum(['below-float32', 'at-most-float64']),
    sum: z.enum(['float32', 'float64']),
    base: z.number(),
    scale: z.number(),
    trees: z.int().min(1).max(100_000),
    nodes: z.int().min(1).max(leafRank),
    inputs: z
      .array(
        z
          .strictObject({
            feature: z.int().nonnegative(),
            missing: z.enum(['nan', 'nan-or-zero']),
            whenMissing: z.enum(['left', 'right']),
            thresholds: z.int().min(1).max(leafRank),
          })
          .readonly(),
      )
      .min(1)
      .readonly(),
  })
  .readonly()
export type Header = z.infer<typeof headerSchema>
