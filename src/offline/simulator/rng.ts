/** Random numbers that are the same on every machine. */
export type Rng = {
  /** Uniform in [0, 1), 32 bits. */
  readonly next: () => number
  readonly chance: (probability: number) => boolean
  readonly between: (low: number, high: number) => number
  /** Whole number in [0, count). */
  readonly below: (count: number) => number
  /** @throws RangeError when there is nothing to pick. */
  readonly pick: <T>(items: readonly T[]) => T
  readonly normal: () => number
  /** Log-normal with the given median; sigma is the deviation of the logarithm. */
  readonly logNormal: (median: number, sigma: number) => number
  readonly exponential: (mean: number) => number
  readonly poisson: (mean: number) => number
  /** An independent generator, made from the next numbers of this one. */
  readonly fork: () => Rng
}

/** Spreads a seed over 32-bit words: splitmix32, after G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators" (2014). */
const splitmix32 = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
    return (mixed ^ (mixed >>> 16)) >>> 0
  }
}

/** sfc32: the small fast counting generator of C. Doty-Humphrey, from the PractRand test suite; public domain. */
const sfc32 = (a: number, b: number, c: number): (() => number) => {
  let counter = 1
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let round = 0; round < 15; round += 1) next()
  return next
}

const fromWords = (word: () => number): Rng => {
  const draw = sfc32(word(), word(), word())
  const next = (): number => draw() / 4_294_967_296
  const below = (count: number): number => Math.floor(next() * count)
  // Box and Muller (1958); one of the two values is enough here.
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    below,
    normal,
    chance: (probability) => next() < probability,
    between: (low, high) => low + next() * (high - low),
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    exponential: (mean) => -mean * Math.log(1 - next()),
    poisson: (mean) => {
      // Knuth's product of uniforms for small means; a normal approximation where that would be slow.
      if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()))
      const limit = Math.exp(-mean)
      let count = 0
      for (let product = next(); product > limit; product *= next()) count += 1
      return count
    },
    fork: () => fromWords(draw),
  }
}

/** @param seed any safe integer: both halves of it count. */
export const createRng = (seed: number): Rng => {
  const low = splitmix32(seed % 4_294_967_296)
  const high = splitmix32(Math.floor(seed / 4_294_967_296))
  return fromWords(() => (low() ^ Math.imul(high(), 0x9e3779b1)) >>> 0)
}

/** Picks an index with a chance in proportion to its weight, by halving over the running sums. */
export const weightedIndex = (weights: readonly number[]): ((rng: Rng) => number) => {
  let sum = 0
  const upTo = Float64Array.from(weights, (weight) => (sum += weight))
  return (rng) => {
    const target = rng.next() * sum
    let low = 0
    let high = upTo.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((upTo[middle] ?? sum) > target) high = middle
      else low = middle + 1
    }
    return low
  }
}
