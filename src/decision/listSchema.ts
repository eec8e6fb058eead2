import { z } from 'zod'
import { listEffects, listSubjects } from '../domain/listEntry.ts'
import { date } from './policyTerms.ts'

const token = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, 'expected 1 to 128 printable ASCII characters without spaces')

const entry = z
  .strictObject({
    id: token,
    effect: z.enum(listEffects).exclude(['UNKNOWN']),
    subject: z.enum(listSubjects).exclude(['UNKNOWN']),
    token,
    payeeId: token.optional(),
    rule: z.string().optional(),
    reason: z.string().min(1).max(256),
    addedBy: z.string().min(1).max(128),
    /** From 00:00 UTC of this day on. */
    from: date,
    /** Until 00:00 UTC of this day. */
    until: date.optional(),
    comment: z.string().max(1_024).optional(),
  })
  .readonly()
export type ListEntrySpec = z.infer<typeof entry>

export const lists = z
  .strictObject({
    /** No exception, of the file or of the topic, acts longer than this after its `from`. */
    exceptionsAtMostDays: z.int().min(1).max(3_660),
    entries: z.array(entry).readonly().default([]),
  })
  .readonly()
