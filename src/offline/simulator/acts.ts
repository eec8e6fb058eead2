import type { AccountEventKind } from '../../domain/accountEvent.ts'
import type { Channel, Method } from '../../domain/payment.ts'
import { reportOf, type Device } from './devices.ts'
import { planFeedback } from './feedback.ts'
import type { Person } from './people.ts'
import type { Point } from './places.ts'
import type { Scene } from './scene.ts'
import type { Truth } from './simEvent.ts'

/** Where the payer, or the terminal, is: as far as the switch is told. */
export type Place = { readonly country: string; readonly point: Point | null }

export type Draft = {
  readonly at: number
  readonly person: Person
  readonly amountMinor: number
  readonly channel: Channel
  readonly method: Method
  readonly place: Place | null
  readonly authMethods: readonly string[] | null
  readonly card?: string | null
  readonly payeeId?: string | null
  readonly merchant?: { readonly merchantId: string; readonly mcc: string } | null
  readonly deviceId?: string | null
  readonly ipAddress?: string | null
  readonly sessionId?: string | null
  readonly emailHash?: string | null
  readonly phoneHash?: string | null
  /** Currency of the place of sale; EUR if left out. */
  readonly currency?: { readonly code: string; readonly perEur: number }
}

const good: Truth = { fraud: false, scenario: null, knownAt: null }

/** Notes a payment, and the feedback that it will get. `doubtful` good ones are more often asked about. */
export const pay = (scene: Scene, draft: Draft, truth: Truth = good, doubtful = false): void => {
  const { person, currency } = draft
  const at = Math.round(draft.at)
  const rate = currency?.perEur ?? 1
  const payment = {
    paymentId: scene.names.next('payment'),
    attempt: 1,
    occurredAt: at,
    amountMinor: Math.max(1, Math.round(draft.amountMinor * rate)),
    currency: currency?.code ?? 'EUR',
    channel: draft.channel,
    method: draft.method,
    accountId: person.accountId,
    cardToken: draft.card ?? null,
    payeeId: draft.payeeId ?? null,
    merchantId: draft.merchant?.merchantId ?? null,
    mcc: draft.merchant?.mcc ?? null,
    deviceId: draft.deviceId ?? null,
    sessionId: draft.sessionId ?? null,
    ipAddress: draft.ipAddress ?? null,
    emailHash: draft.emailHash ?? null,
    phoneHash: draft.phoneHash ?? null,
    country: draft.place?.country ?? null,
    latitude: draft.place?.point?.latitude ?? null,
    longitude: draft.place?.point?.longitude ?? null,
    authMethods: draft.authMethods,
    respondBy: null,
  }
  scene.calendar.plan({ at, kind: 'payment', payment, truth })
  planFeedback(scene, payment, truth, doubtful)
}

/** Not before the day that is being made: what leads up to a payment soon after midnight happens at midnight. */
const notYesterday = (scene: Scene, at: number): number => Math.max(Math.round(at), scene.calendar.dayAt())

export type Noted = {
  readonly device?: Device | null
  readonly ipAddress?: string | null
  readonly payeeId?: string
}

export const note = (
  scene: Scene,
  kind: AccountEventKind,
  person: Person,
  at: number,
  about: Noted = {},
): void => {
  const occurredAt = notYesterday(scene, at)
  const event = {
    eventId: scene.names.next('event'),
    occurredAt,
    kind,
    accountId: person.accountId,
    deviceId: about.device?.deviceId ?? null,
    ipAddress: about.ipAddress ?? null,
    payeeId: about.payeeId ?? null,
  }
  scene.calendar.plan({ at: occurredAt, kind: 'accountEvent', event })
}

/** The device tells of itself, if its app does such a thing at all. */
export const report = (scene: Scene, device: Device, at: number): void => {
  if (!device.reports) return
  const observedAt = notYesterday(scene, at)
  const health = reportOf(scene.rng, device, scene.names.next('report'), observedAt)
  scene.calendar.plan({ at: observedAt, kind: 'deviceHealth', report: health })
}
