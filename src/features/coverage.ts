import { shardCount } from './keys.ts'

/** The coverage markers as this instance last saw them. */
export type Coverage = {
  /** As Redis holds it; '' where it was never seen. */
  marker(shard: number): string
  /** Returns true when the marker was another one before: what was read of that shard is of the past. */
  learn(shard: number, marker: string): boolean
  /** Epoch ms from which on the histories of the shard are complete; +Infinity where nothing is known. */
  since(shard: number): number
}

export const createCoverage = (): Coverage => {
  const markers: string[] = Array.from({ length: shardCount }, () => '')
  const since = new Float64Array(shardCount).fill(Infinity)
  return {
    marker: (shard) => markers[shard] ?? '',
    learn: (shard, marker) => {
      const changed = markers[shard] !== '' && markers[shard] !== marker
      markers[shard] = marker
      since[shard] = Number(marker)
      return changed
    },
    since: (shard) => since[shard] ?? Infinity,
  }
}
