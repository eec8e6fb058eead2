/** An empty bin counts as this share: the logarithm of nothing is not a number. */
const leastShare = 1e-4

/**
 * Population stability index of two distributions over the same bins: sum of (a - b) ln(a / b), that is, Jeffreys'
 * divergence (H. Jeffreys, 1946). 0 where they are equal, symmetric, never negative. By custom below 0.1 is no shift,
 * above 0.25 a large one.
 */
export const psi = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0
  for (let at = 0; at < a.length; at++) {
    const one = Math.max(leastShare, a[at]!)
    const other = Math.max(leastShare, b[at]!)
    sum += (one - other) * Math.log(one / other)
  }
  return sum
}
