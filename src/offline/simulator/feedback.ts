import type { FeedbackKind } from '../../domain/feedback.ts'
import type { Payment } from '../../domain/payment.ts'
import type { Scene } from './scene.ts'
import type { Truth } from './simEvent.ts'
import { dayMs, hourMs } from './time.ts'

/** Share of good payments that somebody asks about: ordinary ones, and those that look odd. */
const askedAbout = { ordinary: 0.0004, doubtful: 0.02 }
/** Share of card frauds that come back through the card scheme. */
const chargedBack = 0.35

const emit = (scene: Scene, payment: Payment, kind: FeedbackKind, knownAt: number, source: string): void => {
  const { paymentId, attempt, occurredAt, accountId, cardToken, payeeId, merchantId, deviceId, ipAddress } =
    payment
  const about = {
    paymentId,
    attempt,
    occurredAt,
    accountId,
    cardToken,
    payeeId,
    merchantId,
    deviceId,
    ipAddress,
  }
  const feedback = {
    feedbackId: scene.names.next('feedback'),
    knownAt,
    kind,
    source,
    feedbackMac: null,
    ...about,
  }
  scene.calendar.plan({ at: knownAt, kind: 'feedback', feedback })
}

/** What is heard of a payment later: every fraud sooner or later, a few good ones because somebody called. */
export const planFeedback = (scene: Scene, payment: Payment, truth: Truth, doubtful: boolean): void => {
  const { rng } = scene
  if (truth.knownAt !== null) {
    const viaScheme = payment.cardToken !== null && rng.chance(chargedBack)
    emit(
      scene,
      payment,
      viaScheme ? 'CHARGEBACK' : 'FRAUD_CONFIRMED',
      truth.knownAt,
      viaScheme ? 'card-scheme' : 'customer',
    )
    return
  }
  if (!rng.chance(doubtful ? askedAbout.doubtful : askedAbout.ordinary)) return
  const knownAt = payment.occurredAt + Math.round(rng.between(0.5 * hourMs, 2 * dayMs))
  emit(scene, payment, 'FALSE_POSITIVE', knownAt, 'case-desk')
}
