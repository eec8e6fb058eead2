import type { History } from './history.ts'

/** A history as this instance last read it. It may be shorter than the log, never different from its beginning. */
export type Copy = {
  readonly history: History
  /** Epoch ms at which the log was last read whole. */
  readonly readAt: number
  /** Epoch ms at which the expiry of the key was last set. */
  prolongedAt: number
  /** How often all copies had been dropped when it was made. */
  readonly drops: number
  /** Memory that it takes, roughly. */
  bytes: number
}

/** Where one entity's history is kept, how records name the entity, and what this instance holds of it. */
export type EntityKey = {
  readonly key: string
  readonly shard: number
  /** 32 bits of the token's hash; never 0, which in a record means "none". */
  readonly hash: number
  copy: Copy | null
  /** The batch that met it last, and its place among the logs of that batch. */
  batch: number
  place: number
}
