import { lateCount, type History } from './history.ts'
import type { Copy, EntityKey } from './entityKey.ts'
import { linearSearchUpTo } from './identity.ts'
import { bytesOfNotes } from './notes.ts'

export type Copies = {
  /** null: nothing is held, or what is held is too old to be trusted. */
  find(entity: EntityKey): Copy | null
  /** False once all copies have been dropped. */
  isCurrent(copy: Copy): boolean
  /** Holds `history`, read whole just now. */
  keep(entity: EntityKey, history: History): void
  /** The log of a copy that is held was folded just now, and begins with `history`; its expiry was left as it was. */
  replace(entity: EntityKey, history: History): void
  /** The history of a copy may have become longer. */
  weigh(copy: Copy): void
  drop(entity: EntityKey): void
  dropAll(): void
}

export type CopiesDeps = {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Told of memory that copies take more, or less. */
  readonly grew: (bytes: number) => void
  /** Shorter than the expiry of the keys: a log that lapsed and came back is not taken for the one held. */
  readonly maxAgeMs: number
}

/** Bytes of a copy beside its columns and notes: buffers and object headers; measured as heap per copy of 50 records. */
const overheadBytes = 400

/** What stands for a folded part, beside its rows: its object, two lists, the offsets; measured, rounded. */
const foldedBytes = 1_000

const bytesOfFolded = ({ folded }: History): number =>
  folded === null ? 0 : foldedBytes + folded.buckets.cells.byteLength + folded.lastSeen.cells.byteLength

/** Of a payment whose outcome came after it was folded: measured with its key, rounded up. */
const lateBytes = 120

/** A table has at most four places of 4 bytes a payment. */
const bytesOfTable = ({ capacity }: History): number => (capacity > linearSearchUpTo ? capacity * 16 : 0)

/** Memory that a copy takes, roughly. */
export const bytesOfCopy = (history: History): number =>
  history.words.byteLength +
  overheadBytes +
  bytesOfNotes(history.notes) +
  bytesOfFolded(history) +
  lateCount(history) * lateBytes +
  bytesOfTable(history)

/** @param epochMs @returns epoch seconds, rounded down */
export const secondsOf = (epochMs: number): number => Math.floor(epochMs / 1000)

/** Copies hang on their entities, and go with those that were not met for longest. */
export const createCopies = ({ now, grew, maxAgeMs }: CopiesDeps): Copies => {
  let drops = 0
  const isCurrent = (copy: Copy): boolean => copy.drops === drops

  const drop = (entity: EntityKey): void => {
    if (entity.copy === null) return
    grew(-entity.copy.bytes)
    entity.copy = null
  }

  return {
    isCurrent,
    find: (entity) => {
      const { copy } = entity
      if (copy === null || (isCurrent(copy) && now() - copy.readAtSeconds * 1000 <= maxAgeMs)) return copy
      drop(entity)
      return null
    },
    keep: (entity, history) => {
      drop(entity)
      const at = secondsOf(now())
      const bytes = bytesOfCopy(history)
      entity.copy = { history, readAtSeconds: at, prolongedAtSeconds: at, drops, bytes }
      grew(bytes)
    },
    replace: (entity, history) => {
      const { copy } = entity
      if (copy === null) return
      drop(entity)
      if (!isCurrent(copy)) return
      const bytes = bytesOfCopy(history)
      entity.copy = { ...copy, history, readAtSeconds: secondsOf(now()), bytes }
      grew(bytes)
    },
    weigh: (copy) => {
      const bytes = bytesOfCopy(copy.history)
      if (bytes === copy.bytes) return
      grew(bytes - copy.bytes)
      copy.bytes = bytes
    },
    drop,
    dropAll: () => {
      drops++
    },
  }
}
