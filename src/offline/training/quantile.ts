/** Finite values, rising. */
export const sortedFinite = (values: Iterable<number>): Float64Array =>
  Float64Array.from([...values].filter(Number.isFinite)).sort()

/** Linear between neighbours; NaN for no values. `sorted` rises. */
export const quantile = (sorted: Float64Array, share: number): number => {
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)]
  const above = sorted[Math.ceil(at)]
  if (below === undefined || above === undefined) return NaN
  return below + (above - below) * (at - Math.floor(at))
}

export const mean = (values: Float64Array): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Of the whole, not of a sample. */
export const deviation = (values: Float64Array): number => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / values.length)
}

/** Third standardised moment; 0 where all values are equal. */
export const skewness = (values: Float64Array): number => {
  const centre = mean(values)
  const scale = deviation(values)
  if (scale === 0) return 0
  return values.reduce((sum, value) => sum + ((value - centre) / scale) ** 3, 0) / values.length
}
