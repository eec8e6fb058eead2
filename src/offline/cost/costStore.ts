import { entityTypes, type EntityType } from '../../domain/entity.ts'
import type { Happening } from '../../domain/happening.ts'
import type { Received } from '../../domain/received.ts'
import type { Recalled } from '../../features/recalled.ts'

/** What the entities of one type take. */
export type EntityBytes = {
  readonly entity: EntityType
  readonly entities: number
  /** Of their logs: mean, and of the longest. */
  readonly logBytes: number
  readonly mostLogBytes: number
  /** Mean of what Redis takes for one, by its own count; null in memory. */
  readonly redisBytes: number | null
  /** Mean of what an instance takes that holds a copy. */
  readonly copyBytes: number
}

/** Histories as `sluice run` keeps them, folded where they are long, that tell how large they are. */
export type CostStore = {
  /** Remembers payments and recalls what they see; each is allowed afterwards. */
  readonly remember: (batch: readonly Received[]) => Promise<readonly Recalled[]>
  readonly note: (batch: readonly Happening[]) => Promise<void>
  readonly sizes: () => Promise<readonly EntityBytes[]>
  readonly close: () => Promise<void>
}

/** One log. */
export type LogSize = {
  readonly logBytes: number
  readonly redisBytes: number | null
  readonly copyBytes: number
}

const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length

/** @param logs of one slot */
export const entityBytesOf = (slot: number, logs: readonly LogSize[]): EntityBytes => {
  const redisBytes = logs.map((log) => log.redisBytes).filter((bytes) => bytes !== null)
  return {
    entity: entityTypes[slot] ?? 'account',
    entities: logs.length,
    logBytes: meanOf(logs.map(({ logBytes }) => logBytes)),
    mostLogBytes: logs.reduce((most, { logBytes }) => Math.max(most, logBytes), 0),
    redisBytes: redisBytes.length === 0 ? null : meanOf(redisBytes),
    copyBytes: meanOf(logs.map(({ copyBytes }) => copyBytes)),
  }
}
