import { noticesOfMule } from '../decision/noticesOfMule.ts'
import type { FeedbackKind, RiskFeedback } from '../domain/feedback.ts'
import type { Happening } from '../domain/happening.ts'
import { SluiceError } from '../errors.ts'
import type { RecentAccounts } from '../features/recentPayers.ts'
import { meetingsOf } from './meetingsOf.ts'
import type { Notices } from './notices.ts'

export type FeedbackNoticesDeps = {
  readonly recentAccounts: RecentAccounts
  /** Adds the payments that this instance has decided and not yet added. */
  readonly flush: () => Promise<void>
  readonly tellOnce: Notices['tellOnce']
}

/** Money left although the decision was no ALLOW, or was not waited for. */
const paidAfterAll: ReadonlySet<FeedbackKind> = new Set(['STEP_UP_PASSED', 'STAND_IN'])

const isOfMule = (feedback: RiskFeedback): feedback is RiskFeedback & { readonly payeeId: string } =>
  feedback.kind === 'FRAUD_CONFIRMED' && feedback.payeeId !== null

/**
 * Whoever paid a payee of a confirmed fraud lately is told to recall. Rejects where it did not come to that, so that
 * the feedback comes again.
 */
export const createFeedbackNotices =
  ({ recentAccounts, flush, tellOnce }: FeedbackNoticesDeps) =>
  async (happenings: readonly Happening[]): Promise<void> => {
    const told = happenings.flatMap((each) => (each.kind === 'feedback' ? [each] : []))
    const paid = told
      .filter(({ feedback }) => paidAfterAll.has(feedback.kind))
      .flatMap(({ feedback }) => meetingsOf(feedback, feedback.occurredAt))
    const left = await recentAccounts.add(paid)
    if (left.length > 0)
      throw new SluiceError('REDIS_UNAVAILABLE', 'Redis did not take who has paid', { retriable: true })

    const ofMules = told.filter(({ feedback }) => isOfMule(feedback))
    if (ofMules.length === 0) return
    await flush()
    const drafts = await Promise.all(
      ofMules.map(async ({ feedback, cameAt }) => {
        if (!isOfMule(feedback)) return []
        const { payeeId, feedbackId } = feedback
        return noticesOfMule({ payeeId, feedbackId, cameAt }, await recentAccounts.read('payee', payeeId))
      }),
    )
    await tellOnce(drafts.flat())
  }
