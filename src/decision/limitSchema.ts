import { z } from 'zod'
import { findings } from '../domain/decision.ts'
import { outcomes } from '../domain/outcome.ts'
import { condition, date, given, identifier, reasonCode } from './policyTerms.ts'
import { protectionClasses, type ProtectionClass } from './protectionClass.ts'

const bound = z.number().min(0)

const fields = Object.fromEntries(protectionClasses.map((name) => [name, bound])) as Record<
  ProtectionClass,
  typeof bound
>

/** Not knowing the device is worth no more than knowing that it is bad. */
const byProtection = z
  .strictObject(fields)
  .refine((of) => of.NONE <= of.RESTRICTED && of.RESTRICTED <= of.GUARDED && of.GUARDED <= of.FULL, {
    error: 'expected NONE <= RESTRICTED <= GUARDED <= FULL',
  })
  .refine((of) => of.UNKNOWN <= of.RESTRICTED, { error: 'expected UNKNOWN <= RESTRICTED' })
  .readonly()

export const limit = z
  .strictObject({
    id: identifier,
    /** The feature that is limited. */
    of: z.string().min(1),
    /** Payments that the limit is for; all by default. */
    when: condition.optional(),
    /** More than this is too much: for all, or by the protection of the payment's device. */
    atMost: z.union([bound, byProtection]),
    outcome: z.enum(outcomes),
    reason: reasonCode,
    finding: z.enum(findings),
    owner: z.string().min(1),
    /** What a payment gets of which it is not known whether it keeps the limit; the policy's own `onUnknown` otherwise. */
    onUnknown: z.enum(outcomes).optional(),
    /** From this day on, 00:00 UTC by the payment's effectiveAt, the limit is off. */
    expires: date.optional(),
    final: z.boolean().default(false),
    cases: z
      .array(z.strictObject({ given, expect: z.enum(['within', 'exceeded', 'unknown']) }).readonly())
      .readonly()
      .default([]),
  })
  .readonly()
export type LimitSpec = z.infer<typeof limit>
