import type { Redis } from 'ioredis'
import { entityToken, type EntityType } from '../../src/domain/entity.ts'
import type { Received } from '../../src/domain/received.ts'
import { parseWindow } from '../../src/features/windows.ts'

export const entities = [
  'account',
  'card',
  'device',
  'ip',
  'merchant',
] as const satisfies readonly EntityType[]

/** Shortest first. */
export const windows = ['10m', '1h', '24h', '7d', '30d'] as const

export const windowsMs: readonly number[] = windows.map((window) => parseWindow(window) ?? NaN)
export const longestMs = Math.max(...windowsMs)

/** What every contestant answers with, in this order: for each entity and window a count and a sum. */
export const featureNames: readonly string[] = entities.flatMap((entity) =>
  windows.flatMap((window) => [`${entity}.count.${window}`, `${entity}.sum.${window}`]),
)

/** Where the numbers of an entity, by its place in `entities`, begin among the features. */
export const featureAt = (entity: number): number => entity * windows.length * 2

/** A way to remember payments in Redis and to count them in windows. */
export type Contestant = {
  /** Remembers payments of the past, in time order, with nothing read back. */
  readonly prefill: (past: readonly Received[]) => Promise<void>
  /**
   * Remembers each payment and answers with its features: itself and what was remembered before it, earlier ones of
   * the batch included. Rejects where a feature cannot be known.
   */
  readonly process: (batch: readonly Received[]) => Promise<readonly Float64Array[]>
  /** Memory that it takes in this process to spare Redis, in bytes. */
  readonly heldBytes: () => number
  readonly close: () => Promise<void>
}

export type ContestantSettings = {
  /** Memory for copies of histories, in bytes. */
  readonly copiesMaxBytes: number
  /** Epoch ms of the newest payment of the past: what would have lapsed by then is not written. */
  readonly asOf: number
}

/** In an empty database of its own. */
export type OpenContestant = (redis: Redis, settings: ContestantSettings) => Promise<Contestant>

const tokenOf = entities.map((entity) => entityToken[entity])

/** In the order of `entities`. @throws RangeError for a payment that lacks one */
export const keysOf = ({ payment }: Received): readonly string[] =>
  tokenOf.map((token, i) => {
    const found = token(payment)
    if (found === null) throw new RangeError(`a payment of this bench has no ${entities[i]}`)
    return `${entities[i]}:${found}`
  })

/** The payments of each key, in their order. */
export const byKey = (batch: readonly Received[]): ReadonlyMap<string, readonly Received[]> => {
  const grouped = new Map<string, Received[]>()
  for (const received of batch)
    for (const key of keysOf(received)) {
      const group = grouped.get(key)
      if (group === undefined) grouped.set(key, [received])
      else group.push(received)
    }
  return grouped
}
