import { createFeedbackMac } from '../../src/compose/feedbackMac.ts'
import type { RiskFeedback } from '../../src/domain/feedback.ts'
import type { ProcessorEnvironment } from './processor.ts'

/** Feedback as who has seen the decision sends it; what was not asked is no step-up. */
export const provenFeedback = (
  { SLUICE_FEEDBACK_KEY = '' }: ProcessorEnvironment,
  feedback: RiskFeedback,
): RiskFeedback => ({
  ...feedback,
  feedbackMac: createFeedbackMac(Buffer.from(SLUICE_FEEDBACK_KEY, 'hex'))(
    feedback,
    feedback.kind.startsWith('STEP_UP_') ? 'STEP_UP' : 'ALLOW',
  ),
})
