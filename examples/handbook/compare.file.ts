import { readRows } from '../../src/offline/files/rows.file.ts'
import { numberIn, swapped, textIn, windowFeatures } from './published.ts'

export type Comparison = {
  readonly compared: number
  /** Published rows that the features lack. */
  readonly missing: number
  /** TRANSACTION_ID of rows with a number that differs, without the two that are known to. */
  readonly differing: readonly string[]
  /** Of those two, the rows that differ. */
  readonly differingSwapped: number
  /** Largest difference in the other rows beyond rounding, in the handbook's units. */
  readonly largest: number
}

export type CompareOptions = {
  /** What `sluice replay` wrote. */
  readonly features: string
  /** The handbook's columns, TRANSACTION_ID among them. */
  readonly published: string
  /** Published rows from this TX_DATETIME on are left out: an ISO date or time as a prefix orders them. */
  readonly until?: string | undefined
}

const tolerance = 1e-9

/** The numbers are published with ten significant digits: half a unit of the last one is rounding. */
const rounding = (value: number): number =>
  value === 0 ? 0 : 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - 9)

/** By how much they differ beyond what the rounding of the published one explains. */
const differenceOf = (ours: number, theirs: number): number =>
  Math.max(0, Math.abs(ours - theirs) - rounding(theirs))

const readPublished = async (file: string, until: string | undefined): Promise<Map<string, Float64Array>> => {
  const rows = new Map<string, Float64Array>()
  for await (const some of readRows(file))
    for (const row of some) {
      if (until !== undefined && textIn(row, 'TX_DATETIME') >= until) continue
      const values = Float64Array.from(windowFeatures, ({ column }) => numberIn(row, column))
      rows.set(textIn(row, 'TRANSACTION_ID'), values)
    }
  return rows
}

/** @throws SluiceError FILE_INVALID */
export const compare = async ({ features, published, until }: CompareOptions): Promise<Comparison> => {
  const expected = await readPublished(published, until)
  const differing: string[] = []
  const counts = { compared: 0, differingSwapped: 0, largest: 0 }
  for await (const some of readRows(features))
    for (const row of some) {
      const id = textIn(row, 'paymentId')
      const values = expected.get(id)
      if (values === undefined) continue
      expected.delete(id)
      counts.compared += 1
      const difference = windowFeatures.reduce(
        (largest, { feature, unit }, i) =>
          Math.max(largest, differenceOf(numberIn(row, feature) / unit, values[i] ?? NaN)),
        0,
      )
      if (swapped.has(id)) {
        if (difference > tolerance) counts.differingSwapped += 1
        continue
      }
      counts.largest = Math.max(counts.largest, difference)
      if (!(difference <= tolerance)) differing.push(id)
    }
  return { ...counts, differing, missing: expected.size }
}
