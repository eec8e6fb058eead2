import type { OracleEntry } from './oracleEntries.ts'
import { samePayment, withoutRepeats } from './oracleSeen.ts'

const isFirst =
  <T>(same: (a: T, b: T) => boolean) =>
  (value: T, index: number, all: readonly T[]): boolean =>
    all.findIndex((other) => same(other, value)) === index

/** When the payments were that had this outcome; one for each payment. */
const outcomeTimes = (outcome: string, seen: readonly OracleEntry[]): readonly number[] =>
  withoutRepeats(seen)
    .flatMap(({ payment, told }) =>
      told.filter((each) => each.outcome === outcome).map(({ place }) => ({ payment, place })),
    )
    .toSorted((a, b) => a.place - b.place)
    .map(({ payment }) => payment)
    .filter(isFirst(samePayment))
    .map(({ effectiveAt }) => effectiveAt)

const eventTimes = (event: string, seen: readonly OracleEntry[]): readonly number[] =>
  seen
    .filter((entry) => entry.kind === 'event')
    .filter((entry) => entry.event === event)
    .filter(isFirst((a, b) => a.eventId === b.eventId))
    .map(({ at }) => at)

type KnownFraud = { readonly paymentId: string; readonly occurredAt: number }

/** What is known to be fraud at time `t`; when it was, as its first label has it. */
export const knownFrauds = (t: number, seen: readonly OracleEntry[]): readonly KnownFraud[] => {
  const labels = seen
    .filter((entry) => entry.kind === 'label')
    .filter(({ label }) => label === 'FRAUD' || label === 'GENUINE')
    .filter(isFirst((a, b) => a.paymentId === b.paymentId && a.label === b.label && a.knownAt === b.knownAt))
  return labels.filter(isFirst((a, b) => a.paymentId === b.paymentId)).flatMap((first) => {
    const latest = labels
      .filter(({ paymentId, knownAt }) => paymentId === first.paymentId && knownAt <= t)
      .toSorted((a, b) => a.knownAt - b.knownAt)
      .at(-1)
    return latest?.label === 'FRAUD' ? [first] : []
  })
}

const outcomeMeasures: Readonly<Record<string, string>> = {
  blocked_count: 'BLOCK',
  declined_count: 'DECLINED',
  stepup_failed: 'STEP_UP_FAILED',
}
const eventMeasures: Readonly<Record<string, string>> = {
  login_failed: 'LOGIN_FAILED',
  since_login: 'LOGIN_SUCCEEDED',
  since_login_failed: 'LOGIN_FAILED',
  since_password_changed: 'PASSWORD_CHANGED',
  since_contact_changed: 'CONTACT_CHANGED',
  since_payee_added: 'PAYEE_ADDED',
  since_device_enrolled: 'DEVICE_ENROLLED',
  since_sim_changed: 'SIM_CHANGED',
  since_card_added: 'CARD_ADDED',
}

/** Times of what the measure counts; null for a measure over payments. */
export const noteTimes = (
  measure: string,
  t: number,
  seen: readonly OracleEntry[],
): readonly number[] | null => {
  const outcome = outcomeMeasures[measure]
  if (outcome !== undefined) return outcomeTimes(outcome, seen)
  const event = eventMeasures[measure]
  if (event !== undefined) return eventTimes(event, seen)
  return ['fraud_count', 'fraud_rate', 'since_fraud'].includes(measure)
    ? knownFrauds(t, seen).map(({ occurredAt }) => occurredAt)
    : null
}
