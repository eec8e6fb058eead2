import type { Addressed } from './addressing.ts'
import type { Concluded } from './histories.ts'
import type { EntityKey } from './keys.ts'
import {
  contentBits,
  encodeOutcomeRecord,
  encodePaymentRecord,
  outcomeRecordBytes,
  paymentRecordBytes,
} from './record.ts'

/** One entity's log and the records, by their number in the batch, that go to its end. */
export type Touched = { readonly entity: EntityKey; readonly records: readonly number[] }

/** What one batch adds to the logs: records of one length, each for several logs. */
export type Appends = {
  readonly records: Buffer
  readonly recordBytes: number
  /** The same records one by one. */
  readonly parts: readonly Uint8Array[]
  /** Each log once, in the order in which the batch meets them. */
  readonly touched: readonly Touched[]
  /** Newest effectiveAt of the payments in the batch, epoch ms. */
  readonly latest: number
}

const noBytes = new Uint8Array(0)

/** The bytes that go to one log. */
export const bytesFor = ({ parts }: Appends, { records }: Touched): Uint8Array =>
  records.length === 1
    ? (parts[records[0] ?? 0] ?? noBytes)
    : Buffer.concat(records.map((index) => parts[index] ?? noBytes))

/** Records, counted once for each log that they go to. */
export const recordCount = ({ touched }: Appends): number =>
  touched.reduce((sum, { records }) => sum + records.length, 0)

const touchedBy = (batch: readonly Addressed[]): readonly Touched[] => {
  const byKey = new Map<string, { readonly entity: EntityKey; readonly records: number[] }>()
  batch.forEach(({ entities }, index) => {
    for (const entity of entities) {
      if (entity === null) continue
      const touched = byKey.get(entity.key)
      if (touched === undefined) byKey.set(entity.key, { entity, records: [index] })
      else touched.records.push(index)
    }
  })
  return [...byKey.values()]
}

const appendsOf = (
  batch: readonly Addressed[],
  recordBytes: number,
  encode: (view: DataView, at: number, index: number) => void,
): Appends => {
  const memory = new ArrayBuffer(batch.length * recordBytes)
  const view = new DataView(memory)
  let latest = -Infinity
  batch.forEach(({ received }, index) => {
    encode(view, index * recordBytes, index)
    latest = Math.max(latest, received.effectiveAt)
  })
  const parts = batch.map((_, index) => new Uint8Array(memory, index * recordBytes, recordBytes))
  return { records: Buffer.from(memory), recordBytes, parts, touched: touchedBy(batch), latest }
}

/**
 * @param amountsBase for each payment, minor units of the base currency or NaN
 * @param concluded for each payment what became of it, where that is known beforehand
 */
export const paymentAppends = (
  batch: readonly Addressed[],
  amountsBase: readonly number[],
  concluded: readonly Concluded[] = [],
): Appends =>
  appendsOf(batch, paymentRecordBytes, (view, at, index) => {
    const addressed = batch[index]
    if (addressed === undefined) return
    const { received, hashes } = addressed
    encodePaymentRecord(view, at, received, hashes, amountsBase[index] ?? NaN, concluded[index]?.outcome)
  })

/** @param givenAt epoch milliseconds at which the outcomes were given */
export const outcomeAppends = (
  batch: readonly Addressed[],
  concluded: readonly Concluded[],
  givenAt: number,
): Appends =>
  appendsOf(batch, outcomeRecordBytes, (view, at, index) => {
    const addressed = batch[index]
    const outcome = concluded[index]?.outcome
    if (addressed === undefined || outcome === undefined) return
    const { hashes, received } = addressed
    encodeOutcomeRecord(view, at, {
      idLow: hashes.idLow,
      idHigh: hashes.idHigh,
      attempt: received.payment.attempt,
      content: contentBits(received.contentHash),
      outcome,
      effectiveAt: givenAt,
      partition: received.source.partition,
      offset: received.source.offset,
    })
  })
