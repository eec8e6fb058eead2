import { tlps, type Tlp } from '../../domain/intelligence.ts'
import { uuidOf, uuidWords, type UuidWords } from '../stix/id.ts'
import type { Indicator } from '../stix/indicator.ts'
import { createHashIndex } from './hashIndex.ts'
import { bytes8, createRows, doubles, words32 } from './rows.ts'

/** What is kept of an indicator besides what it lists. */
export type IndicatorRows = {
  /** -1: it is not there. */
  find(uuid: string): number
  add(indicator: Indicator, source: number): number
  set(row: number, indicator: Indicator, source: number): void
  remove(row: number): void
  uuid(row: number): string
  /** By their UUIDs. */
  isBefore(row: number, other: number): boolean
  modifiedAt(row: number): number
  isValid(row: number, at: number): boolean
  /** Epoch ms; Infinity: none is stated, or there is no such indicator. */
  until(row: number): number
  /** Rows are below this. */
  readonly end: number
  /** NaN: not stated. */
  confidence(row: number): number
  source(row: number): number
  tlp(row: number): Tlp
  /** The first of what it lists; `none` where nothing is left. */
  readonly first: { get(row: number): number; set(row: number, posting: number): void }
  readonly size: number
  readonly bytes: number
}

export const none = 0xffffffff

export const createIndicatorRows = (): IndicatorRows => {
  const rows = createRows()
  const ids = rows.fields(words32, 4)
  /** What decides between indicators: modified, since, until, confidence (NaN: not stated). */
  const decisive = rows.fields(doubles, 4)
  const tlp = rows.column(bytes8)
  const source = rows.column(words32)
  const first = rows.column(words32)
  const index = createHashIndex()

  const wordsAt = (row: number): UuidWords => [
    ids.get(row, 0),
    ids.get(row, 1),
    ids.get(row, 2),
    ids.get(row, 3),
  ]
  /** A UUID is random, or a hash: whoever makes them collide slows only the changes of the indicators, not look-ups. */
  const hashOf = (words: readonly number[]): number =>
    words.reduce((sum, word) => Math.imul(sum ^ word ^ (word >>> 15), 0x85ebca6b) ^ (sum >>> 13), 0) >>> 0

  const set = (row: number, indicator: Indicator, from: number): void => {
    decisive.set(row, 0, indicator.modifiedAt)
    decisive.set(row, 1, indicator.since)
    decisive.set(row, 2, indicator.until)
    decisive.set(row, 3, indicator.confidence)
    tlp.set(row, tlps.indexOf(indicator.tlp))
    source.set(row, from)
    first.set(row, none)
  }

  return {
    find: (uuid) => {
      const words = uuidWords(uuid)
      return index.find(hashOf(words), (row) => words.every((word, i) => ids.get(row, i) === word))
    },
    add: (indicator, from) => {
      const row = rows.take()
      const words = uuidWords(indicator.uuid)
      words.forEach((word, i) => ids.set(row, i, word))
      set(row, indicator, from)
      index.add(hashOf(words), row)
      return row
    },
    set,
    remove: (row) => {
      decisive.set(row, 2, Infinity)
      index.remove(hashOf(wordsAt(row)), row)
      rows.free(row)
    },
    uuid: (row) => uuidOf(wordsAt(row)),
    isBefore: (row, other) => {
      for (let i = 0; i < 4; i++) {
        const difference = ids.get(row, i) - ids.get(other, i)
        if (difference !== 0) return difference < 0
      }
      return false
    },
    modifiedAt: (row) => decisive.get(row, 0),
    isValid: (row, at) => decisive.get(row, 1) <= at && at < decisive.get(row, 2),
    until: (row) => decisive.get(row, 2),
    get end() {
      return rows.end
    },
    confidence: (row) => decisive.get(row, 3),
    source: source.get,
    tlp: (row) => tlps[tlp.get(row)] ?? 'UNMARKED',
    first,
    get size() {
      return index.size
    },
    get bytes() {
      return rows.bytes + index.bytes
    },
  }
}
