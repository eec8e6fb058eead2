/** Points of a function by rising x. */
export type Points = readonly (readonly [x: number, y: number])[]

/** How many of the rising values are at or below x; with `strictly`, below it. */
export const countUpTo = (values: Float64Array, x: number, strictly = false): number => {
  let from = 0
  let to = values.length
  while (from < to) {
    const middle = (from + to) >> 1
    const value = values[middle]!
    if (value < x || (value === x && !strictly)) from = middle + 1
    else to = middle
  }
  return from
}

const split = (points: Points): readonly [Float64Array, Float64Array] => [
  Float64Array.from(points, ([x]) => x),
  Float64Array.from(points, ([, y]) => y),
]

/** Straight lines between the points, flat beyond them; x is not NaN. */
export const compileLinear = (points: Points): ((x: number) => number) => {
  const [xs, ys] = split(points)
  const last = xs.length - 1
  return (x) => {
    const next = countUpTo(xs, x)
    if (next === 0) return ys[0]!
    if (next > last) return ys[last]!
    const [x0, x1, y0, y1] = [xs[next - 1]!, xs[next]!, ys[next - 1]!, ys[next]!]
    const width = x1 - x0
    // Halves where the difference of two finite doubles is not finite.
    const share = width < Infinity ? (x - x0) / width : (x / 2 - x0 / 2) / (x1 / 2 - x0 / 2)
    // Rounding must not leave the step: the result would not be monotone.
    return Math.min(y1, y0 + share * (y1 - y0))
  }
}

/** The y of the last point at or below x, the first one's below all; x is not NaN. */
export const compileSteps = (points: Points): ((x: number) => number) => {
  const [xs, ys] = split(points)
  return (x) => ys[Math.max(0, countUpTo(xs, x) - 1)]!
}
