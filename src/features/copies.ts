import { createBoundedMap } from './boundedMap.ts'
import type { History } from './history.ts'
import { shardCount, type EntityKey } from './keys.ts'

/** A history as this instance last read it. It may be shorter than the log, never different from its beginning. */
export type Copy = {
  readonly history: History
  /** Epoch ms at which the log was last read whole. */
  readonly readAt: number
  /** Epoch ms at which the expiry of the key was last set. */
  prolongedAt: number
  /** How often the copies of its shard had been dropped when it was made. */
  readonly drops: number
}

export type Copies = {
  /** null: nothing is held, or what is held is too old to be trusted. */
  find(entity: EntityKey): Copy | null
  /** False once the copies of its shard have been dropped. */
  isCurrent(entity: EntityKey, copy: Copy): boolean
  /** Holds `history`, read whole just now. */
  keep(entity: EntityKey, history: History): Copy
  /** A held history has become longer by that many bytes. */
  grew(bytes: number): void
  drop(entity: EntityKey): void
  dropShard(shard: number): void
  /** Memory that the copies take, roughly. */
  readonly bytes: number
}

export type CopiesDeps = {
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Memory for all copies; what was not used for longest goes first. */
  readonly maxBytes: number
  /** Shorter than the expiry of the keys: a log that lapsed and came back is not taken for the one held. */
  readonly maxAgeMs: number
}

/** Bytes of a copy beside its columns: map entries, object headers; measured as heap per copy of 50 records. */
const overheadBytes = 600

const weightOf = (history: History): number => history.words.byteLength + overheadBytes

export const createCopies = ({ now, maxBytes, maxAgeMs }: CopiesDeps): Copies => {
  const held = createBoundedMap<string, Copy>(maxBytes)
  const dropsOf = new Uint32Array(shardCount)
  const isCurrent = ({ shard }: EntityKey, copy: Copy): boolean => copy.drops === dropsOf[shard]
  return {
    isCurrent,
    find: (entity) => {
      const { key } = entity
      const copy = held.get(key)
      if (copy === undefined) return null
      if (isCurrent(entity, copy) && now() - copy.readAt <= maxAgeMs) return copy
      held.delete(key)
      return null
    },
    keep: ({ key, shard }, history) => {
      const at = now()
      const copy = { history, readAt: at, prolongedAt: at, drops: dropsOf[shard] ?? 0 }
      held.set(key, copy, weightOf(history))
      return copy
    },
    grew: held.grew,
    drop: ({ key }) => held.delete(key),
    dropShard: (shard) => {
      dropsOf[shard] = (dropsOf[shard] ?? 0) + 1
    },
    get bytes() {
      return held.weight
    },
  }
}
