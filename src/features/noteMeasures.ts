import type { EntityType } from '../domain/entity.ts'
import type { NoteKind } from './notes.ts'

/** Where notes come from: an input that is not read makes its measures unknown. */
export type NoteSource = 'decisions' | 'feedback' | 'accountEvents'

/** The set of reasons that passed step-ups have settled: for the same thing, or for the same payment. */
export type ConfirmedRead = 'confirmed' | 'attemptConfirmed'

export type RunRead = 'run' | 'sinceOther' | 'runSince' | 'runMin' | 'runMax'

/** Which frauds a run takes: all, or those that are not unusual for the payer at this entity. */
export type RunOf = 'all' | 'usual'

/** One measure over what is noted beside payments; the payment itself is never in it. */
export type NoteMeasure = {
  readonly window: 'required' | 'optional'
  readonly kind: NoteKind
  readonly source: NoteSource
  /**
   * How many there are, how many there are for each payment in the window, or seconds since the latest; `run`: how
   * many payments that have one come after the latest that has none, `sinceOther`: seconds since that one; `runSince`:
   * seconds since the first of the run, `runMin` and `runMax`: its lowest and highest amount.
   */
  readonly reads: 'count' | 'rate' | 'since' | RunRead | ConfirmedRead
  readonly runOf: RunOf
  readonly sentence: string
}

export const noteMeasureNames = [
  'blocked_count',
  'declined_count',
  'stepup_failed',
  'login_failed',
  'since_login',
  'since_login_failed',
  'since_password_changed',
  'since_contact_changed',
  'since_payee_added',
  'since_device_enrolled',
  'since_sim_changed',
  'since_card_added',
  'fraud_count',
  'fraud_rate',
  'since_fraud',
  'fraud_run',
  'since_genuine',
  'fraud_run_since',
  'fraud_run_min',
  'fraud_run_max',
  'fraud_run_usual',
  'fraud_run_usual_since',
  'fraud_run_usual_min',
  'fraud_run_usual_max',
  'confirmed_reasons',
  'attempt_confirmed_reasons',
] as const
export type NoteMeasureName = (typeof noteMeasureNames)[number]

export const isNoteMeasureName = (name: string): name is NoteMeasureName => name in noteMeasures

const count = (kind: NoteKind, source: NoteSource, sentence: string): NoteMeasure => ({
  window: 'required',
  kind,
  source,
  reads: 'count',
  runOf: 'all',
  sentence,
})

const sinceEvent = (kind: NoteKind, sentence: string): NoteMeasure => ({
  window: 'optional',
  kind,
  source: 'accountEvents',
  reads: 'since',
  runOf: 'all',
  sentence,
})

const ofRun = (reads: RunRead, sentence: string, runOf: RunOf = 'all'): NoteMeasure => ({
  window: 'required',
  kind: 'FRAUD',
  source: 'feedback',
  reads,
  runOf,
  sentence,
})

const ofConfirmed = (reads: ConfirmedRead, sentence: string): NoteMeasure => ({
  window: 'required',
  kind: 'STEP_UP_PASSED',
  source: 'feedback',
  reads,
  runOf: 'all',
  sentence,
})

export const noteMeasures: Readonly<Record<NoteMeasureName, NoteMeasure>> = {
  blocked_count: count('BLOCK', 'decisions', 'Earlier payments in the window that were blocked.'),
  declined_count: count(
    'DECLINED',
    'feedback',
    'Earlier payments in the window that were declined elsewhere.',
  ),
  stepup_failed: count('STEP_UP_FAILED', 'feedback', 'Earlier payments in the window whose step-up failed.'),
  login_failed: count('LOGIN_FAILED', 'accountEvents', 'Failed log-ins in the window.'),
  since_login: sinceEvent('LOGIN_SUCCEEDED', 'Seconds since the latest log-in.'),
  since_login_failed: sinceEvent('LOGIN_FAILED', 'Seconds since the latest failed log-in.'),
  since_password_changed: sinceEvent('PASSWORD_CHANGED', 'Seconds since the password was changed.'),
  since_contact_changed: sinceEvent('CONTACT_CHANGED', 'Seconds since an address or number was changed.'),
  since_payee_added: sinceEvent('PAYEE_ADDED', 'Seconds since a payee was added.'),
  since_device_enrolled: sinceEvent('DEVICE_ENROLLED', 'Seconds since a device was enrolled.'),
  since_sim_changed: sinceEvent('SIM_CHANGED', 'Seconds since the SIM was changed.'),
  since_card_added: sinceEvent('CARD_ADDED', 'Seconds since a card was added.'),
  fraud_count: count(
    'FRAUD',
    'feedback',
    'Earlier payments in the window that are known by now to be fraud.',
  ),
  fraud_rate: {
    window: 'required',
    kind: 'FRAUD',
    source: 'feedback',
    reads: 'rate',
    runOf: 'all',
    sentence:
      'Share of the earlier payments in the window that are known by now to be fraud; unknown without any.',
  },
  since_fraud: {
    window: 'optional',
    kind: 'FRAUD',
    source: 'feedback',
    reads: 'since',
    runOf: 'all',
    sentence: 'Seconds since the latest payment that is known by now to be fraud.',
  },
  fraud_run: ofRun(
    'run',
    'Earlier payments in the window that are known by now to be fraud, as far as none that is not comes after them.',
  ),
  since_genuine: ofRun(
    'sinceOther',
    'Seconds since the latest earlier payment in the window that is not known by now to be fraud.',
  ),
  fraud_run_since: ofRun('runSince', 'Seconds since the first payment of fraud_run; unknown without any.'),
  fraud_run_min: ofRun('runMin', 'The lowest amount of the payments of fraud_run; unknown without any.'),
  fraud_run_max: ofRun('runMax', 'The highest amount of the payments of fraud_run; unknown without any.'),
  fraud_run_usual: ofRun(
    'run',
    'fraud_run without payments of more than three times the median of what else the same account pays here, from the start of the window on.',
    'usual',
  ),
  fraud_run_usual_since: ofRun(
    'runSince',
    'Seconds since the first payment of fraud_run_usual; unknown without any.',
    'usual',
  ),
  fraud_run_usual_min: ofRun(
    'runMin',
    'The lowest amount of the payments of fraud_run_usual; unknown without any.',
    'usual',
  ),
  fraud_run_usual_max: ofRun(
    'runMax',
    'The highest amount of the payments of fraud_run_usual; unknown without any.',
    'usual',
  ),
  confirmed_reasons: ofConfirmed(
    'confirmed',
    'Of accounts: the reasons for which step-ups for the same thing were passed in the window, as a sum of 2^number (docs/step-up.md).',
  ),
  attempt_confirmed_reasons: ofConfirmed(
    'attemptConfirmed',
    'Of accounts: the reasons for which earlier attempts of this payment were stepped up and passed, as a sum of 2^number.',
  ),
}

export const isConfirmedRead = (reads: NoteMeasure['reads']): reads is ConfirmedRead =>
  reads === 'confirmed' || reads === 'attemptConfirmed'

/** Which entities an account event names. */
const namedByEvents: readonly EntityType[] = ['account', 'device', 'ip', 'payee']

/**
 * Notes say nothing of a second entity, and account events nothing of cards and merchants; what was asked stands with
 * the account.
 */
export const isNoted = (
  { source, reads }: NoteMeasure,
  entity: EntityType,
  partner: EntityType | null,
): boolean => {
  if (partner !== null) return false
  if (isConfirmedRead(reads)) return entity === 'account'
  return source !== 'accountEvents' || namedByEvents.includes(entity)
}
