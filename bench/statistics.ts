/** The middle value, or the mean of the two middle ones; NaN of nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

export type Spread = { readonly median: number; readonly least: number; readonly most: number }

/** What several runs gave: the median, with the least and the most beside it. */
export const spreadOf = (values: readonly number[]): Spread =>
  values.length === 0
    ? { median: NaN, least: NaN, most: NaN }
    : { median: median(values), least: Math.min(...values), most: Math.max(...values) }

/** The smallest value that at least the share `q` of the values does not exceed (nearest rank); NaN of nothing. */
export const quantile = (values: readonly number[], q: number): number => {
  const sorted = Float64Array.from(values).toSorted()
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN
}
