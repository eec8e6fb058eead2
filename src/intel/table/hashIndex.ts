/** Rows of a table by a hash: several rows may have one, the caller tells them apart. */
export type HashIndex = {
  /** The first row of this hash that fits, or -1. */
  find(hash: number, fits: (row: number) => boolean): number
  add(hash: number, row: number): void
  /** Another row in the place of one that is there. */
  replace(hash: number, row: number, by: number): void
  remove(hash: number, row: number): void
  readonly size: number
  readonly bytes: number
}

/** Each grows by itself, so that no addition waits for more than the move of one of them. */
const segmentBits = 12
const leastCapacity = 8
const empty = 0xffffffff
/** Load above which a segment doubles. */
const fullest = 0.7

type Segment = { hashes: Uint32Array; rows: Uint32Array; used: number }

const createSegment = (capacity: number): Segment => ({
  hashes: new Uint32Array(capacity),
  rows: new Uint32Array(capacity).fill(empty),
  used: 0,
})

/** The place of a hash, or the first free one after it. */
const placeOf = ({ rows }: Segment, hash: number): number => {
  const mask = rows.length - 1
  let place = hash & mask
  while (rows[place] !== empty) place = (place + 1) & mask
  return place
}

const put = (segment: Segment, hash: number, row: number): void => {
  const place = placeOf(segment, hash)
  segment.hashes[place] = hash
  segment.rows[place] = row
  segment.used++
}

const grown = (segment: Segment): Segment => {
  const larger = createSegment(segment.rows.length * 2)
  segment.rows.forEach((row, place) => {
    if (row !== empty) put(larger, segment.hashes[place] ?? 0, row)
  })
  return larger
}

const seek = ({ hashes, rows }: Segment, hash: number, fits: (row: number) => boolean): number => {
  const mask = rows.length - 1
  for (let place = hash & mask; rows[place] !== empty; place = (place + 1) & mask)
    if (hashes[place] === hash && fits(rows[place] ?? 0)) return place
  return -1
}

/** Takes one out and moves those behind it up, so that no mark of it stays. */
const takeOut = (segment: Segment, from: number): void => {
  const { hashes, rows } = segment
  const mask = rows.length - 1
  let hole = from
  for (let place = (from + 1) & mask; rows[place] !== empty; place = (place + 1) & mask) {
    const home = (hashes[place] ?? 0) & mask
    if (((place - home) & mask) < ((place - hole) & mask)) continue
    hashes[hole] = hashes[place] ?? 0
    rows[hole] = rows[place] ?? 0
    hole = place
  }
  rows[hole] = empty
  segment.used--
}

/** Open addressing with linear probing, in typed arrays: about 13 bytes a row. */
export const createHashIndex = (): HashIndex => {
  const segments: (Segment | null)[] = Array.from({ length: 1 << segmentBits }, () => null)
  let size = 0
  const at = (hash: number): number => hash >>> (32 - segmentBits)
  const segmentOf = (hash: number): Segment | null => segments[at(hash)] ?? null

  return {
    find: (hash, fits) => {
      const segment = segmentOf(hash)
      const place = segment === null ? -1 : seek(segment, hash, fits)
      return place < 0 ? -1 : (segment?.rows[place] ?? -1)
    },
    add: (hash, row) => {
      const held = segmentOf(hash) ?? createSegment(leastCapacity)
      const segment = held.used + 1 > held.rows.length * fullest ? grown(held) : held
      segments[at(hash)] = segment
      put(segment, hash, row)
      size++
    },
    replace: (hash, row, by) => {
      const segment = segmentOf(hash)
      const place = segment === null ? -1 : seek(segment, hash, (each) => each === row)
      if (segment !== null && place >= 0) segment.rows[place] = by
    },
    remove: (hash, row) => {
      const segment = segmentOf(hash)
      const place = segment === null ? -1 : seek(segment, hash, (each) => each === row)
      if (segment === null || place < 0) return
      takeOut(segment, place)
      size--
    },
    get size() {
      return size
    },
    get bytes() {
      return segments.reduce((sum, segment) => sum + (segment?.rows.length ?? 0) * 8, 0)
    },
  }
}
