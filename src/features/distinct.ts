/** Counts different hashes in several nested windows at once. Window 0 is the shortest. */
export type DistinctCounter = {
  begin(): void
  /** A hash (not 0) in the smallest window that holds its record. Later records may be in shorter windows. */
  see(hash: number, window: number): void
  /** At most so many more that are no longer told apart, in that window and all longer ones. */
  estimate(count: number, window: number): void
  /** That window and all longer ones cannot be known. */
  unknownFrom(window: number): void
  /**
   * Lets every window take in the shorter ones. Each of those that are no longer told apart has a record of its own.
   * @param recordsIn how many records that window holds
   */
  end(recordsIn: (window: number) => number): void
  /** After `end`: how many different hashes each window holds; NaN where that cannot be known. */
  readonly counts: Float64Array
}

export const createDistinctCounter = (windows: number): DistinctCounter => {
  const counts = new Float64Array(windows)
  const estimates = new Float64Array(windows)
  /** Open addressing, at most half full; 0 is free. */
  let hashes = new Uint32Array(16)
  /** The shortest window in which the hash at the same place was seen. */
  let shortest = new Int32Array(16)
  /** The places in use. */
  let used = new Int32Array(8)
  let uses = 0

  const placeOf = (hash: number): number => {
    const mask = hashes.length - 1
    let place = hash & mask
    while (hashes[place] !== 0 && hashes[place] !== hash) place = (place + 1) & mask
    return place
  }

  const occupy = (place: number, hash: number, window: number): void => {
    hashes[place] = hash
    shortest[place] = window
    used[uses++] = place
  }

  const grow = (): void => {
    const [oldHashes, oldShortest, oldUsed, oldUses] = [hashes, shortest, used, uses]
    hashes = new Uint32Array(oldHashes.length * 2)
    shortest = new Int32Array(oldHashes.length * 2)
    used = new Int32Array(oldHashes.length)
    uses = 0
    for (let use = 0; use < oldUses; use++) {
      const place = oldUsed[use] ?? 0
      const hash = oldHashes[place] ?? 0
      occupy(placeOf(hash), hash, oldShortest[place] ?? 0)
    }
  }

  return {
    counts,
    begin: () => {
      counts.fill(0)
      estimates.fill(0)
      for (let use = 0; use < uses; use++) hashes[used[use] ?? 0] = 0
      uses = 0
    },
    see: (hash, window) => {
      const place = placeOf(hash)
      if (hashes[place] === hash) {
        const before = shortest[place] ?? 0
        if (before <= window) return
        counts[before] = (counts[before] ?? 0) - 1
        shortest[place] = window
      } else {
        occupy(place, hash, window)
        if (uses === used.length) grow()
      }
      counts[window] = (counts[window] ?? 0) + 1
    },
    estimate: (count, window) => {
      estimates[window] = (estimates[window] ?? 0) + count
    },
    unknownFrom: (window) => {
      if (window < windows) counts[window] = NaN
    },
    end: (recordsIn) => {
      for (let window = 1; window < windows; window++) {
        counts[window] = (counts[window] ?? 0) + (counts[window - 1] ?? 0)
        estimates[window] = (estimates[window] ?? 0) + (estimates[window - 1] ?? 0)
      }
      for (let window = 0; window < windows; window++) {
        const [exact, estimate] = [counts[window] ?? 0, estimates[window] ?? 0]
        if (estimate > 0)
          counts[window] = exact + Math.min(estimate, Math.max(0, Math.round(recordsIn(window)) - exact))
      }
    },
  }
}
