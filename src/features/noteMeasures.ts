import type { EntityType } from '../domain/entity.ts'
import type { NoteKind } from './notes.ts'

/** Where notes come from: an input that is not read makes its measures unknown. */
export type NoteSource = 'decisions' | 'feedback' | 'accountEvents'

/** One measure over what is noted beside payments; the payment itself is never in it. */
export type NoteMeasure = {
  readonly window: 'required' | 'optional'
  readonly kind: NoteKind
  readonly source: NoteSource
  /**
   * How many there are, how many there are for each payment in the window, or seconds since the latest; `run`: how
   * many payments that have one come after the latest that has none, `sinceOther`: seconds since that one.
   */
  readonly reads: 'count' | 'rate' | 'since' | 'run' | 'sinceOther'
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
] as const
export type NoteMeasureName = (typeof noteMeasureNames)[number]

export const isNoteMeasureName = (name: string): name is NoteMeasureName => name in noteMeasures

const count = (kind: NoteKind, source: NoteSource, sentence: string): NoteMeasure => ({
  window: 'required',
  kind,
  source,
  reads: 'count',
  sentence,
})

const sinceEvent = (kind: NoteKind, sentence: string): NoteMeasure => ({
  window: 'optional',
  kind,
  source: 'accountEvents',
  reads: 'since',
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
    sentence:
      'Share of the earlier payments in the window that are known by now to be fraud; unknown without any.',
  },
  since_fraud: {
    window: 'optional',
    kind: 'FRAUD',
    source: 'feedback',
    reads: 'since',
    sentence: 'Seconds since the latest payment that is known by now to be fraud.',
  },
  fraud_run: {
    window: 'required',
    kind: 'FRAUD',
    source: 'feedback',
    reads: 'run',
    sentence:
      'Earlier payments in the window that are known by now to be fraud, as far as none that is not comes after them.',
  },
  since_genuine: {
    window: 'required',
    kind: 'FRAUD',
    source: 'feedback',
    reads: 'sinceOther',
    sentence: 'Seconds since the latest earlier payment in the window that is not known by now to be fraud.',
  },
}

/** Which entities an account event names. */
const namedByEvents: readonly EntityType[] = ['account', 'device', 'ip', 'payee']

/** Notes say nothing of a second entity, and account events nothing of cards and merchants. */
export const isNoted = ({ source }: NoteMeasure, entity: EntityType, partner: EntityType | null): boolean =>
  partner === null && (source !== 'accountEvents' || namedByEvents.includes(entity))
