import { z } from 'zod'
import { outcomes } from '../domain/outcome.ts'
import { channels, methods } from '../domain/payment.ts'
import { protectionClasses } from './protectionClass.ts'

export const outcome = z.enum(outcomes)
export const probability = z.number().min(0).max(1)
export const condition = z.string().trim().min(1)
export const identifier = z.string().regex(/^[a-z][a-z0-9_]*$/, 'expected lower-case letters, digits and _')
export const reasonCode = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'expected an upper-case reason code')
export const date = z.iso.date('expected a date, YYYY-MM-DD')

/** What a self-test says of a payment. Anything that it leaves out is not known. */
export const given = z
  .strictObject({
    features: z.record(z.string(), z.number()).readonly().optional(),
    payment: z
      .strictObject({
        amountMinor: z.int().positive().optional(),
        currency: z.string().optional(),
        channel: z.enum(channels).optional(),
        method: z.enum(methods).optional(),
        country: z.string().optional(),
        mcc: z.string().optional(),
      })
      .readonly()
      .optional(),
    /** Not given: UNKNOWN. */
    protection: z.enum(protectionClasses).optional(),
    probability: probability.optional(),
    degraded: z.array(z.string()).readonly().optional(),
    late: z.boolean().optional(),
  })
  .readonly()
export type Given = z.infer<typeof given>
