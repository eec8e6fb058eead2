import { z } from 'zod'

const share = z.number().gt(0).lt(1)

/** Ways to say what a threshold should do. */
export const thresholdRuleSchema = z.union([
  /** Most that is stopped of the good payments. */
  z.strictObject({ goodStoppedShare: share }).readonly(),
  /** Most that is stopped of all payments. */
  z.strictObject({ stoppedShare: share }).readonly(),
  /** Most that is stopped in a day, on average, by people who look at each. */
  z.strictObject({ reviewsPerDay: z.number().positive() }).readonly(),
  /**
   * The least cost: `review` for each payment that is stopped, `goodStopped` more if it was good, and `fraudMissed`
   * for each fraud that is not stopped, all in one unit.
   */
  z
    .strictObject({
      cost: z
        .strictObject({
          review: z.number().nonnegative(),
          goodStopped: z.number().nonnegative(),
          fraudMissed: z.number().positive(),
        })
        .readonly(),
    })
    .readonly(),
])
export type ThresholdRule = z.infer<typeof thresholdRuleSchema>

/** In words, for the manifest and the report. */
export const describeRule = (rule: ThresholdRule): string => {
  if ('goodStoppedShare' in rule) return `at most ${rule.goodStoppedShare * 100} % of good payments stopped`
  if ('stoppedShare' in rule) return `at most ${rule.stoppedShare * 100} % of payments stopped`
  if ('reviewsPerDay' in rule) return `at most ${rule.reviewsPerDay} payments stopped a day`
  const { review, goodStopped, fraudMissed } = rule.cost
  return `least cost: ${review} a review, ${goodStopped} a good payment stopped, ${fraudMissed} a fraud missed`
}
