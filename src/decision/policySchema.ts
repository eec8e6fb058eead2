import { z } from 'zod'
import { findings, stepUpMethods } from '../domain/decision.ts'
import { breakerSchema, controlGroupSchema } from './guardSchema.ts'
import { limit } from './limitSchema.ts'
import { lists } from './listSchema.ts'
import {
  condition,
  date,
  duration,
  given,
  identifier,
  outcome,
  probability,
  reasonCode,
} from './policyTerms.ts'

const rule = z
  .strictObject({
    id: identifier,
    when: condition,
    outcome,
    reason: reasonCode,
    finding: z.enum(findings),
    owner: z.string().min(1),
    /** What the rule gives when it meets a value that is not known; the policy's own `onUnknown` otherwise. */
    onUnknown: outcome.optional(),
    /** From this day on, 00:00 UTC by the payment's effectiveAt, the rule is off. */
    expires: date.optional(),
    /** A payer who confirmed the same thing for this reason is not asked again for so long; absent: each time. */
    askAgainAfter: duration.optional(),
    /** No allow-list entry and no snooze may overrule it. */
    final: z.boolean().default(false),
    /** Its BLOCK stands however often it is given. */
    breaker: z.literal('never').optional(),
    cases: z
      .array(z.strictObject({ given, expect: z.enum(['hit', 'no hit', 'unknown']) }).readonly())
      .readonly()
      .default([]),
  })
  .readonly()
export type RuleSpec = z.infer<typeof rule>

const threshold = z
  .strictObject({
    when: condition.optional(),
    stepUp: probability,
    block: probability,
    /** As in a rule, for MODEL_SCORE. */
    askAgainAfter: duration.optional(),
  })
  .readonly()

const degradedRule = z
  .strictObject({
    /** Any of these is degraded; without the list, any input at all. */
    inputs: z.array(z.string().min(1)).min(1).readonly().optional(),
    /** Unknown counts as true. */
    when: condition.optional(),
    outcome,
  })
  .readonly()

const stepUpMethod = z
  .strictObject({
    method: z.enum(stepUpMethods).exclude(['UNKNOWN']),
    /** Features that are 1 where an attacker would see or get what the method asks for. */
    unsafeIf: z.array(z.string()).readonly().default([]),
    unknownIs: z.enum(['SAFE', 'UNSAFE']).default('UNSAFE'),
    /** Payments for which the method may be asked; an unknown answer is no. */
    when: condition.optional(),
  })
  .readonly()

/** What a payment gets from all of the policy. */
const wholeCase = z.strictObject({ name: z.string().min(1), given, outcome }).readonly()
export type WholeCase = z.infer<typeof wholeCase>

/** Whole decisions beside a policy: of any version of it, or of somebody who may not change it. */
export const caseFileSchema = z.strictObject({ cases: z.array(wholeCase).min(1).readonly() }).readonly()

export const policySchema = z
  .strictObject({
    version: z.string().min(1).max(64),
    onUnknown: outcome,
    invalidPayment: outcome,
    reusedPaymentId: outcome,
    /** For a payment without a probability. */
    unscored: outcome,
    late: outcome,
    riskLevels: z
      .strictObject({ medium: probability, high: probability, critical: probability })
      .refine(({ medium, high, critical }) => medium <= high && high <= critical, {
        error: 'expected medium <= high <= critical',
      })
      .readonly(),
    thresholds: z.array(threshold).min(1).readonly(),
    degraded: z.array(degradedRule).readonly(),
    /** How long a passed step-up counts for later attempts of the same payment, from its own time on. */
    attemptHolds: duration.default('24h'),
    stepUp: z.array(stepUpMethod).min(1).readonly(),
    breaker: breakerSchema.optional(),
    controlGroup: controlGroupSchema.optional(),
    rules: z.array(rule).readonly(),
    limits: z.array(limit).readonly().default([]),
    lists: lists.default({ exceptionsAtMostDays: 30, entries: [] }),
    /** Whole decisions: what a payment gets from all of the policy. */
    cases: z.array(wholeCase).readonly().default([]),
  })
  .readonly()
export type PolicySpec = z.infer<typeof policySchema>
