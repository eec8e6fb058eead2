import { z } from 'zod'

const share = z.number().gt(0).max(1)

/** When a rule or a model version blocks far more than usual. */
export const breakerSchema = z
  .strictObject({
    /** The sliding window in which blocks are counted. */
    windowMinutes: z.number().positive().max(1_440),
    /** What blocks no more than this share of the payments is never held back. */
    share,
    /** Nor what blocks no more than so many times its usual share, once that is known. */
    factor: z.number().gt(1),
    /** Fewer blocks in the window say nothing. */
    minBlocks: z.int().min(1),
    /** Nor do those of fewer accounts: one payer must not be able to open a breaker. */
    minAccounts: z.int().min(1).max(1_000),
    /** The half-life of the slow average that is the usual share. */
    usualHours: z.number().positive().max(8_760),
    /** So long the share must have been back in its bounds. */
    closeAfterMinutes: z.number().min(0).max(1_440),
  })
  .readonly()
export type BreakerSpec = z.infer<typeof breakerSchema>

/** Payments that are let through although a rule or the model would stop them, so that models can learn from them. */
export const controlGroupSchema = z
  .strictObject({
    /** Of the payments that would be stopped. */
    share: share.max(0.1),
    /** Minor units of the base currency, as `f("payment.amount")`. */
    maxAmount: z.number().positive(),
  })
  .readonly()
export type ControlGroupSpec = z.infer<typeof controlGroupSchema>
