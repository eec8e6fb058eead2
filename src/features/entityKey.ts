import type { History } from './history.ts'

/** A history as this instance last read it. It may be shorter than the log, never different from its beginning. */
export type Copy = {
  readonly history: History
  /** When the log was last read whole: epoch seconds, rounded down. */
  readonly readAtSeconds: number
  /** When the expiry of the key was last set: epoch seconds, rounded down. */
  prolongedAtSeconds: number
  /** How often all copies had been dropped when it was made. */
  readonly drops: number
  /** Memory that it takes, roughly. */
  bytes: number
}

/**
 * Where one entity's history is kept, how records name the entity, and what this instance holds of it. There are many:
 * all numbers are whole and below 2^31, as the engine keeps each other one in a box of its own.
 */
export type EntityKey = {
  readonly key: string
  readonly shard: number
  /** 32 bits of the token's hash, signed; see `hashOf`. */
  readonly hash: number
  copy: Copy | null
  /** The batch that met it last, and its place among the logs of that batch. */
  batch: number
  place: number
}

/** How records name the entity: 32 bits, unsigned; never 0, which in a record means "none". */
export const hashOf = ({ hash }: EntityKey): number => hash >>> 0
