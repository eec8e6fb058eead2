import { expect } from 'vitest'
import { entityTypes } from '../../../src/domain/entity.ts'
import { compileFeatures } from '../../../src/features/plan.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { oracle, type OracleSettings } from '../oracle.ts'
import type { OracleEntry } from '../oracleEntries.ts'
import { day, everywhere } from '../pasts.ts'
import type { StoreUnderTest } from '../conformance/storeUnderTest.ts'
import type { Step } from './anyStory.ts'
import { isPromised, type Asked, type Limits } from './guarantee.ts'
import { createTelling, pick, type Sent } from './telling.ts'

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
  ...[
    'max',
    'min',
    'stddev',
    'same_amount_count',
    'night_share',
    'peak',
    'ratio_to_median',
    'fraud_run',
    'fraud_run_since',
    'fraud_run_max',
    'fraud_run_usual_since',
  ].map((measure) => `account.${measure}.7d`),
  ...['stepup_failed', 'declined_count', 'fraud_rate', 'fraud_run', 'since_genuine', 'fraud_run_min'].map(
    (measure) => `merchant.${measure}.30d`,
  ),
  ...['fraud_run_usual', 'fraud_run_usual_min', 'fraud_run_usual_max'].map(
    (measure) => `merchant.${measure}.30d`,
  ),
  'merchant.fraud_run_usual.7d@7d',
  ...['since_last', 'is_new', 'since_password_changed', 'since_fraud'].map((measure) => `account.${measure}`),
  'device.since_login_failed',
  'account_device.since_last',
  'account_merchant.is_new',
  'merchant.distinct_account.30d',
]
const plan = compileFeatures(names, { retentionMs })

/** Which features are asked for: some in each step, as the oracle is slow. */
const askedEach = 8

type Answered = { readonly batch: readonly Sent[]; readonly recalled: readonly Recalled[] }
type Telling = ReturnType<typeof createTelling>

const entryOf = ({ payment }: Sent): OracleEntry => ({ kind: 'payment', payment, outcome: 'UNKNOWN' })

/** Of a payment that may be folded itself, as so many came after it, it is not known what it saw of the entity. */
const isForgotten = (
  name: string,
  { self, isRepeated, log }: Asked,
  { views }: Pick<Recalled, 'views'>,
): boolean => {
  const entity = entityTypes.find((type) => name.split(/[._]/)[0] === type) ?? 'account'
  if (!isRepeated || views[entityTypes.indexOf(entity)] !== 'unknown') return false
  const paid = log
    .flatMap((entry) => (entry.kind === 'payment' ? [entry.payment] : []))
    .filter(({ entities }) => entities[entity] === self.entities[entity])
  const after = paid.slice(paid.findIndex(({ paymentId }) => paymentId === self.paymentId) + 1)
  return new Set(after.map(({ paymentId }) => paymentId)).size >= limits.keep
}

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
        if (isForgotten(name, asked, found)) return false
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
  const telling = createTelling(limits)
  const instances = [store.open(), store.open()]
  const places = [0, 1].flatMap((n) => [
    () => store.fold(0, `a${n}`),
    () => store.fold(5, `m${n}`),
    () => store.fold(2, `d${n}`),
  ])
  for (const [number, step] of story.entries()) {
    telling.pass(step.passMs)
    if (step.restarts !== null) instances[step.restarts] = store.open()
    const folds = (): Promise<unknown> => Promise.all(step.folds.map(async (n) => pick(places, n)?.()))
    const batches = step.batches.map((batch) => telling.pay(batch, step.foldsMeanwhile))
    const [recalled] = await Promise.all([
      Promise.all(
        batches.map(async (batch, i) => instances[i]?.remember(batch.map(({ received }) => received)) ?? []),
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
