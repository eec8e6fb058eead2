import { shardCount } from './keys.ts'

/** The coverage markers as this instance last saw them. */
export type Coverage = {
  /** As Redis holds it; '' where it was never seen. */
  marker(shard: number): string
  /** Whether it was not looked at for a second: another instance may have moved it up. */
  isDue(shard: number): boolean
  /** It was looked at, and is as it was. */
  confirm(shard: number): void
  /** They are to be looked at again. */
  forget(shards: Iterable<number>): void
  /** Nothing is known any more, of any shard. */
  forgetAll(): void
  /** Whether the marker was another one before: what was read is of the past. */
  isOther(shard: number, marker: string): boolean
  learn(shard: number, marker: string): void
  /** Epoch ms from which on the histories of the shard are complete; +Infinity where nothing is known. */
  since(shard: number): number
}

const dueAfterMs = 1_000

/** @param now epoch milliseconds */
export const createCoverage = (now: () => number): Coverage => {
  const markers: string[] = Array.from({ length: shardCount }, () => '')
  const since = new Float64Array(shardCount).fill(Infinity)
  const seenAt = new Float64Array(shardCount).fill(-Infinity)
  const confirm = (shard: number): void => {
    seenAt[shard] = now()
  }
  return {
    marker: (shard) => markers[shard] ?? '',
    isDue: (shard) => Math.abs(now() - (seenAt[shard] ?? -Infinity)) >= dueAfterMs,
    confirm,
    forget: (shards) => {
      for (const shard of shards) seenAt[shard] = -Infinity
    },
    forgetAll: () => {
      markers.fill('')
      since.fill(Infinity)
      seenAt.fill(-Infinity)
    },
    isOther: (shard, marker) => markers[shard] !== '' && markers[shard] !== marker,
    learn: (shard, marker) => {
      confirm(shard)
      markers[shard] = marker
      since[shard] = Number(marker)
    },
    since: (shard) => since[shard] ?? Infinity,
  }
}
