import { expect } from 'vitest'
import type { Happening } from '../../../src/domain/happening.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { Received } from '../../../src/domain/received.ts'
import { entityTypes } from '../../../src/domain/entity.ts'
import { feedbackMeaning } from '../../../src/features/feedbackMeaning.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { aFeedback, anAccountEvent } from '../happenings.ts'
import { receivedOf } from '../histories.ts'
import { oracle, type OracleSettings } from '../oracle.ts'
import type { OracleEntry, OraclePayment } from '../oracleEntries.ts'
import { day, everywhere, hour, noon } from '../pasts.ts'
import type { StoreUnderTest } from '../conformance/storeUnderTest.ts'
import type { Happens, Paying, Step } from './anyStory.ts'
import { isPromised, type Asked, type Limits } from './guarantee.ts'

export type FoldingStore = StoreUnderTest & {
  /** Folds one log, whatever its length. */
  fold(slot: number, token: string): Promise<unknown>
}

const retentionMs = 60 * day
export const storyFolds = { keep: 6, share: 0.2, retentionMs, lastSeenPerSlot: 5, notesPerKind: 4 }
const limits: Limits = storyFolds
const settings: OracleSettings = { retentionMs, coveredSince: everywhere(0), unreadable: [] }

const spans = ['10m', '1h', '24h', '7d', '30d', '1h@1h', '7d@1d']
const names = [
  ...spans.flatMap((span) => [
    ...['count', 'sum', 'mean', 'accepted_count'].map((measure) => `account.${measure}.${span}`),
    ...['blocked_count', 'login_failed', 'fraud_count'].map((measure) => `account.${measure}.${span}`),
    `merchant.count.${span}`,
    `merchant.sum.${span}`,
    `device.count.${span}`,
    `account.distinct_device.${span}`,
    `account_device.count.${span}`,
  ]),
  ...['max', 'min', 'stddev', 'same_amount_count', 'night_share'].map((measure) => `account.${measure}.7d`),
  ...['stepup_failed', 'declined_count', 'fraud_rate'].map((measure) => `merchant.${measure}.30d`),
  ...['since_last', 'is_new', 'since_password_changed', 'since_fraud'].map((measure) => `account.${measure}`),
  'device.since_login_failed',
  'account_device.since_last',
  'account_merchant.is_new',
  'merchant.distinct_account.30d',
]
const plan = compileFeatures(names, { retentionMs })

type Sent = {
  readonly payment: OraclePayment
  readonly received: Received
  readonly outcome: Outcome | null
  readonly isRepeated: boolean
}
type Noted = { readonly happening: Happening; readonly entry: OracleEntry }

/** Which features are asked for: some in each step, as the oracle is slow. */
const askedEach = 8

const pick = <T>(list: readonly T[], n: number): T | undefined => list[n % list.length]

/** What was told so far, and what is made of the next step. */
const createTelling = () => {
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

  /** What became of a payment can be told while it is among the newest; a label is known again among the newest. */
  const feedback = (of: number, kind: Extract<Happens, { kind: 'feedback' }>['says']): Noted | null => {
    const meaning = feedbackMeaning[kind]
    if (meaning === null) return null
    const isLabel = 'label' in meaning
    const found = pick(isLabel ? sent : sent.slice(-limits.keep), of)
    if (found === undefined) return null
    const { payment, received } = found
    const { paymentId } = payment
    if (isLabel && labelled.slice(0, 1 - limits.notesPerKind).includes(paymentId)) return null
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

type Answered = { readonly batch: readonly Sent[]; readonly recalled: readonly Recalled[] }
type Telling = ReturnType<typeof createTelling>

const entryOf = ({ payment }: Sent): OracleEntry => ({ kind: 'payment', payment, outcome: 'UNKNOWN' })

/** Of a payment that is folded itself it is not known what it saw. */
const isForgotten = ({ received: { payment } }: Recalled, name: string, views: Recalled['views']): boolean =>
  views[entityTypes.findIndex((entity) => name.split(/[._]/)[0] === entity)] === 'unknown' &&
  payment.attempt === 1

/** What is not as promised, of the first or the last payment of a batch. */
const brokenIn = (
  { batch, recalled }: Answered,
  log: readonly OracleEntry[],
  isLate: Telling['isLate'],
  step: number,
): readonly string[] => {
  const row = new Float64Array(names.length)
  return [step % 2 === 0 ? 0 : batch.length - 1].flatMap((index) => {
    const [one, found] = [batch[index], recalled[index]]
    if (one === undefined || found === undefined) return []
    const { payment: self, isRepeated } = one
    const asked: Asked = { self, log, isRepeated, isLate: isLate(self) }
    plan.compute(found, row)
    return names
      .filter((_, n) => (n + step) % askedEach === 0)
      .filter((name) => {
        if (isRepeated && isForgotten(found, name, found.views)) return false
        return !isPromised(name, row[names.indexOf(name)] ?? NaN, asked, settings, limits)
      })
      .map((name) => {
        const { value } = oracle(name, self, log, settings)
        const of = `${isRepeated ? 'repeated ' : ''}${asked.isLate ? 'late ' : ''}${self.paymentId}`
        return `${name} of ${of} is ${row[names.indexOf(name)]}, not ${value}`
      })
  })
}

/** Who was first is not known of two at once: what both saw must fit one order or the other. */
const checkAnswers = (answers: readonly Answered[], telling: Telling, step: number): void => {
  const inOrder = (order: readonly Answered[]): readonly string[] => {
    const log = [...telling.told]
    return order.flatMap((answer) => {
      log.push(...answer.batch.map(entryOf))
      return brokenIn(answer, log, telling.isLate, step)
    })
  }
  const orders = [answers, answers.toReversed()]
  const broken = orders.map(inOrder)
  const right = broken.findIndex((some) => some.length === 0)
  if (right < 0) expect(broken[0]).toEqual([])
  for (const { batch } of orders[right] ?? []) telling.told.push(...batch.map(entryOf))
}

/** Plays a story on a store and compares what its payments see with the oracle. */
export const tell = async (store: FoldingStore, story: readonly Step[]): Promise<void> => {
  const telling = createTelling()
  const instances = [store.open(), store.open()]
  const places = [0, 1].flatMap((n) => [
    () => store.fold(0, `a${n}`),
    () => store.fold(5, `m${n}`),
    () => store.fold(2, `d${n}`),
  ])
  for (const [number, step] of story.entries()) {
    telling.pass(step.passMs)
    if (step.restarts !== null) instances[step.restarts] = store.open()
    const folds = (): Promise<unknown> => Promise.all(step.folds.map((n) => pick(places, n)?.()))
    const batches = step.batches.map((batch) => telling.pay(batch, step.foldsMeanwhile))
    const [recalled] = await Promise.all([
      Promise.all(
        batches.map((batch, i) => instances[i]?.remember(batch.map(({ received }) => received)) ?? []),
      ),
      step.foldsMeanwhile ? folds() : null,
    ])
    checkAnswers(
      batches.map((batch, i) => ({ batch, recalled: recalled[i] ?? [] })),
      telling,
      number,
    )
    for (const [i, batch] of batches.entries()) {
      const concluded = batch.flatMap(({ received, outcome }) =>
        outcome === null ? [] : [{ received, outcome }],
      )
      await instances[i]?.conclude(concluded)
      for (const { payment, outcome } of batch)
        if (outcome !== null) telling.told.push({ kind: 'outcome', payment, contentKnown: true, outcome })
    }
    const happens = telling.note(step.happens)
    await instances[number % 2]?.note(happens.map(({ happening }) => happening))
    telling.told.push(...happens.map(({ entry }) => entry))
    if (!step.foldsMeanwhile) await folds()
  }
}
