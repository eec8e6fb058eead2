import type { Happening } from '../../../src/domain/happening.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Received } from '../../../src/domain/received.ts'
import { feedbackMeaning } from '../../../src/features/feedbackMeaning.ts'
import { aFeedback, anAccountEvent } from '../happenings.ts'
import { receivedOf } from '../histories.ts'
import type { OracleEntry, OraclePayment } from '../oracleEntries.ts'
import { hour, noon } from '../pasts.ts'
import type { Happens, Paying } from './anyStory.ts'
import type { Limits } from './guarantee.ts'

export type Sent = {
  readonly payment: OraclePayment
  readonly received: Received
  readonly outcome: Outcome | null
  readonly isRepeated: boolean
}
type Noted = { readonly happening: Happening; readonly entry: OracleEntry }
type LabelEntry = Extract<OracleEntry, { readonly kind: 'label' }>

export const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length]

/** What was told so far, and what is made of the next step. */
export const createTelling = (limits: Limits) => {
  const told: OracleEntry[] = []
  const sent: Sent[] = []
  const noted: Noted[] = []
  const labelled: string[] = []
  let now = noon

  const paying = (drawn: Paying, isFolded: boolean): Sent => {
    const earlier = drawn.again === null ? undefined : pick(sent, drawn.again)
    if (earlier !== undefined) return { ...earlier, isRepeated: true }
    const n = sent.length
    const payment: OraclePayment = {
      paymentId: `p${n}`,
      attempt: 1,
      contentHash: '0001000000000000',
      effectiveAt: now - drawn.lateMs,
      amount: drawn.amount,
      place: null,
      entities: {
        account: `a${drawn.account}`,
        card: null,
        device: drawn.device === null ? null : `d${drawn.device}`,
        ip: null,
        payee: null,
        merchant: `m${drawn.merchant}`,
      },
    }
    const received = receivedOf(payment)
    const source = { ...received.source, partition: drawn.account, offset: n }
    // A fold does not wait for the outcome of what came late, unless the log tells that it did.
    const outcome = isFolded && drawn.lateMs > hour / 2 ? null : drawn.outcome
    const one = { payment, received: { ...received, source }, outcome, isRepeated: false }
    sent.push(one)
    return one
  }

  /** Which of two labels of one millisecond speaks for a payment is not promised once one of them was folded. */
  const contradicts = (paymentId: string, label: LabelEntry['label']): boolean =>
    noted.some(
      ({ entry }) =>
        entry.kind === 'label' &&
        entry.paymentId === paymentId &&
        entry.knownAt === now &&
        entry.label !== label,
    )

  /** What was told of a payment that may be folded is not known again where other feedback says the same. */
  const saidBefore = (payment: OraclePayment, outcome: string): boolean =>
    !sent.slice(-limits.keep).some((one) => one.payment === payment) &&
    noted.some(
      ({ entry }) => entry.kind === 'outcome' && entry.payment === payment && entry.outcome === outcome,
    )

  /** What became of a payment may be told whenever it was; a label is known again among the newest. */
  const feedback = (of: number, kind: Extract<Happens, { kind: 'feedback' }>['says']): Noted | null => {
    const meaning = feedbackMeaning[kind]
    if (meaning === null) return null
    const isLabel = 'label' in meaning
    const found = pick(sent, of)
    if (found === undefined) return null
    const { payment, received } = found
    if (!isLabel && saidBefore(payment, meaning.outcome)) return null
    const { paymentId } = payment
    if (isLabel && labelled.slice(0, 1 - limits.notesPerKind).includes(paymentId)) return null
    if (isLabel && contradicts(paymentId, meaning.label)) return null
    if (isLabel && !labelled.includes(paymentId)) labelled.push(paymentId)
    const { accountId, cardToken, deviceId, ipAddress, payeeId, merchantId } = received.payment
    const tokens = { accountId, cardToken, deviceId, ipAddress, payeeId, merchantId }
    const happening: Happening = {
      kind: 'feedback',
      feedback: aFeedback({ ...tokens, paymentId, kind, occurredAt: payment.effectiveAt, knownAt: now }),
      partition: received.source.partition,
      offset: noted.length,
      cameAt: now,
    }
    const { entities, effectiveAt: occurredAt } = payment
    if (isLabel)
      return {
        happening,
        entry: { kind: 'label', paymentId, entities, label: meaning.label, knownAt: now, occurredAt },
      }
    return { happening, entry: { kind: 'outcome', payment, contentKnown: false, outcome: meaning.outcome } }
  }

  const noting = (drawn: Happens): Noted | null => {
    if (drawn.kind === 'again') return pick(noted, drawn.of) ?? null
    if (drawn.kind === 'feedback') return feedback(drawn.of, drawn.says)
    const [eventId, accountId, deviceId] = [`e${noted.length}`, `a${drawn.account}`, `d${drawn.device}`]
    const at = now - drawn.lateMs
    const tokens = { accountId, deviceId, ipAddress: null, payeeId: null }
    return {
      happening: {
        kind: 'accountEvent',
        event: anAccountEvent({ ...tokens, eventId, kind: drawn.event, occurredAt: at }),
        partition: drawn.account,
        offset: noted.length,
        cameAt: now,
      },
      entry: {
        kind: 'event',
        event: drawn.event,
        eventId,
        at,
        entities: { account: accountId, card: null, device: deviceId, ip: null, payee: null, merchant: null },
      },
    }
  }

  return {
    told,
    pass: (ms: number) => {
      now += ms
    },
    pay: (batch: readonly Paying[], isFolded: boolean): readonly Sent[] =>
      batch.map((drawn) => paying(drawn, isFolded)),
    note: (happens: readonly Happens[]): readonly Noted[] =>
      happens.flatMap((each) => {
        const found = noting(each)
        if (found === null) return []
        noted.push(found)
        return [found]
      }),
    isLate: ({ effectiveAt }: OraclePayment): boolean => effectiveAt < now,
  }
}
