import { tlps, type Tlp } from '../../domain/intelligence.ts'
import { uuidOf, uuidWords } from '../stix/id.ts'
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
  modifiedAt(row: number): number
  isValid(row: number, at: number): boolean
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
const unstated = 255

export const createIndicatorRows = (): IndicatorRows => {
  const rows = createRows()
  const ids = [0, 1, 2, 3].map(() => rows.column(words32))
  const modified = rows.column(doubles)
  const since = rows.column(doubles)
  const until = rows.column(doubles)
  const confidence = rows.column(bytes8)
  const tlp = rows.column(bytes8)
  const source = rows.column(words32)
  const first = rows.column(words32)
  const index = createHashIndex()

  const wordsAt = (row: number): readonly number[] => ids.map((column) => column.get(row))
  /** A UUID is random, or a hash: whoever makes them collide slows only the changes of the indicators, not look-ups. */
  const hashOf = (words: readonly number[]): number =>
    words.reduce((sum, word) => Math.imul(sum ^ word ^ (word >>> 15), 0x85ebca6b) ^ (sum >>> 13), 0) >>> 0

  const set = (row: number, indicator: Indicator, from: number): void => {
    modified.set(row, indicator.modifiedAt)
    since.set(row, indicator.since)
    until.set(row, indicator.until)
    confidence.set(row, Number.isNaN(indicator.confidence) ? unstated : indicator.confidence)
    tlp.set(row, tlps.indexOf(indicator.tlp))
    source.set(row, from)
    first.set(row, none)
  }

  return {
    find: (uuid) => {
      const words = uuidWords(uuid)
      return index.find(hashOf(words), (row) => words.every((word, i) => ids[i]?.get(row) === word))
    },
    add: (indicator, from) => {
      const row = rows.take()
      const words = uuidWords(indicator.uuid)
      words.forEach((word, i) => ids[i]?.set(row, word))
      set(row, indicator, from)
      index.add(hashOf(words), row)
      return row
    },
    set,
    remove: (row) => {
      index.remove(hashOf(wordsAt(row)), row)
      rows.free(row)
    },
    uuid: (row) => uuidOf(wordsAt(row)),
    modifiedAt: modified.get,
    isValid: (row, at) => since.get(row) <= at && at < until.get(row),
    confidence: (row) => {
      const value = confidence.get(row)
      return value === unstated ? NaN : value
    },
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
