import type { HistoryView, Recalled } from './recalled.ts'

/** What a velocity reading needs to know of a measure over notes. */
export type NoteReading = {
  readonly read: (own: Recalled, view: HistoryView) => number
  readonly certain: (coveredSince: number, own: Recalled, view: HistoryView) => boolean
  /** Whether a payment that counts has an amount without a rate. */
  readonly lacksRate: (own: Recalled, view: HistoryView) => boolean
}
