import { recordLength } from './logReader.ts'

/** A record of a log as it stands there. */
export type Raw = {
  /** Where it begins and ends. */
  readonly from: number
  readonly to: number
  readonly kind: number
  /** What it says, by its number: of a label or an account event. */
  readonly code: number
  readonly partition: number
  readonly offset: number
  /** Epoch ms: of the payment, the outcome or the event; of a label when it was known. */
  readonly at: number
  readonly idLow: number
  readonly idHigh: number
  readonly attempt: number
}

/** Of a payment: id hash and attempt. */
export const idOf = (idLow: number, idHigh: number, attempt: number): string =>
  `${idHigh} ${idLow} ${attempt}`

const sourceBytes = 32

const rawAt = (view: DataView, from: number, to: number): Raw => {
  const kind = view.getUint8(from) >>> 4
  if (to - from < sourceBytes)
    return { from, to, kind, code: 0, partition: 0, offset: 0, at: NaN, idLow: 0, idHigh: 0, attempt: 0 }
  return {
    from,
    to,
    kind,
    code: view.getUint8(from + 2),
    partition: view.getUint16(from + 8, true),
    offset: view.getUint32(from + 10, true) + view.getUint16(from + 14, true) * 2 ** 32,
    at: view.getFloat64(from + 16, true),
    idLow: view.getUint32(from + 24, true),
    idHigh: view.getUint32(from + 28, true),
    attempt: view.getUint8(from + 3),
  }
}

/** All records of a log that can be read. */
export const recordsIn = (bytes: Uint8Array): readonly Raw[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: Raw[] = []
  for (let from = 0; from < bytes.byteLength;) {
    const to = from + recordLength(view, from)
    records.push(rawAt(view, from, to))
    from = to
  }
  return records
}
