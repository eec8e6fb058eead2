import type { Outcome } from '../domain/outcome.ts'
import type { ReasonSet } from '../domain/reasonSet.ts'
import type { Addressed, Entities } from './addressing.ts'
import { entityTypes } from '../domain/entity.ts'
import type { Concluded } from './histories.ts'
import type { EntityKey } from './entityKey.ts'
import {
  askedRecordBytes,
  contentBits,
  encodeOutcomeRecord,
  encodePaymentRecord,
  entitySlots,
  outcomeRecordBytes,
  paymentRecordBytes,
} from './record.ts'

/** One entity's log and the records, by their number in the batch, that go to its end. */
export type Touched = { readonly entity: EntityKey; readonly records: number[] }

/** The logs that a batch touches, each once, in the order in which the batch meets them. */
export type Touches = {
  readonly touched: readonly Touched[]
  /** For each payment and slot, one after the other: the place of that entity's log in `touched`, or -1. */
  readonly places: Int32Array
}

/** What one batch adds to the logs: records of one length, each for several logs. */
export type Appends = Touches & {
  readonly records: Buffer
  readonly recordBytes: number
  readonly view: DataView
  /** Newest effectiveAt of the payments in the batch, epoch ms; -Infinity where there are none. */
  readonly latest: number
}

/** Records, counted once for each log that they go to. */
export const recordCount = ({ touched }: Appends): number =>
  touched.reduce((sum, { records }) => sum + records.length, 0)

let batches = 0

export const touchedBy = (batch: readonly { readonly entities: Entities }[]): Touches => {
  const number = ++batches
  const touched: Touched[] = []
  const places = new Int32Array(batch.length * entitySlots).fill(-1)
  batch.forEach(({ entities }, index) => {
    for (let slot = 0; slot < entitySlots; slot++) {
      const entity = entities[slot] ?? null
      if (entity === null) continue
      if (entity.batch === number) touched[entity.place]?.records.push(index)
      else {
        entity.batch = number
        entity.place = touched.length
        touched.push({ entity, records: [index] })
      }
      places[index * entitySlots + slot] = entity.place
    }
  })
  return { touched, places }
}

/** @param latest newest effectiveAt of the payments, epoch ms; -Infinity where there are none */
export const appendsOf = (
  count: number,
  { touched, places }: Touches,
  recordBytes: number,
  latest: number,
  encode: (view: DataView, at: number, index: number) => void,
): Appends => {
  const memory = new ArrayBuffer(count * recordBytes)
  const view = new DataView(memory)
  for (let index = 0; index < count; index++) encode(view, index * recordBytes, index)
  return { records: Buffer.from(memory), recordBytes, view, touched, places, latest }
}

const latestOf = (batch: readonly Addressed[]): number =>
  batch.reduce((latest, { received }) => Math.max(latest, received.effectiveAt), -Infinity)

/**
 * @param amountsBase for each payment, minor units of the base currency or NaN
 * @param outcomes what became of each payment, where that is known beforehand
 */
export const paymentAppends = (
  batch: readonly Addressed[],
  amountsBase: readonly number[],
  outcomes: readonly (Outcome | null)[] = [],
): Appends =>
  appendsOf(batch.length, touchedBy(batch), paymentRecordBytes, latestOf(batch), (view, at, index) => {
    const addressed = batch[index]
    if (addressed === undefined) return
    const { received, hashes } = addressed
    encodePaymentRecord(view, at, received, hashes, amountsBase[index] ?? NaN, outcomes[index] ?? undefined)
  })

const encodeConcluded = (
  view: DataView,
  at: number,
  { hashes, received }: Addressed,
  outcome: Outcome,
  reasons?: ReasonSet,
): void =>
  void encodeOutcomeRecord(view, at, {
    idLow: hashes.idLow,
    idHigh: hashes.idHigh,
    attempt: received.payment.attempt,
    content: contentBits(received.contentHash),
    outcome,
    effectiveAt: received.effectiveAt,
    partition: received.source.partition,
    offset: received.source.offset,
    ...(reasons === undefined ? {} : { reasons }),
  })

/** @param touches of the same payments */
const outcomesOf = (
  batch: readonly Addressed[],
  touches: Touches,
  concluded: readonly Concluded[],
): Appends =>
  appendsOf(batch.length, touches, outcomeRecordBytes, latestOf(batch), (view, at, index) => {
    const addressed = batch[index]
    const outcome = concluded[index]?.outcome
    if (addressed !== undefined && outcome !== undefined) encodeConcluded(view, at, addressed, outcome)
  })

const account = entityTypes.indexOf('account')

/** What payments were stepped up for, where they were: for the logs of their accounts alone. */
export const askedAppends = (
  batch: readonly Addressed[],
  reasons: readonly (ReasonSet | undefined)[],
): readonly Appends[] => {
  const asked = batch.flatMap((addressed, index) => {
    const set = reasons[index] ?? 0
    const entities = addressed.entities.map((entity, slot) => (slot === account ? entity : null))
    return set === 0 ? [] : [{ addressed, entities, set }]
  })
  if (asked.length === 0) return []
  const latest = latestOf(asked.map(({ addressed }) => addressed))
  return [
    appendsOf(asked.length, touchedBy(asked), askedRecordBytes, latest, (view, at, index) => {
      const each = asked[index]
      if (each !== undefined) encodeConcluded(view, at, each.addressed, 'STEP_UP', each.set)
    }),
  ]
}

/** What became of payments. @param touches of the same payments */
export const outcomeAppends = (
  batch: readonly Addressed[],
  touches: Touches,
  concluded: readonly Concluded[],
): readonly Appends[] => [
  outcomesOf(batch, touches, concluded),
  ...askedAppends(
    batch,
    concluded.map(({ reasons }) => reasons),
  ),
]
