/** A histogram as Prometheus tells it: how many observations were at most as large as each bound. */
export type Buckets = {
  readonly bounds: readonly number[]
  readonly cumulative: readonly number[]
  readonly sum: number
}

export type Labels = Readonly<Record<string, string>>

type Line = { readonly name: string; readonly labels: Labels; readonly value: number }

const parseLine = (line: string): Line | null => {
  const match = /^([a-z_:]\w*)(?:\{(.*)\})? (\S+)/i.exec(line)
  if (match === null) return null
  const labels = [...(match[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])
  return { name: match[1] ?? '', labels: Object.fromEntries(labels) as Labels, value: Number(match[3]) }
}

const isAbout = (wanted: Labels, labels: Labels): boolean =>
  Object.entries(wanted).every(([name, value]) => labels[name] === value)

const boundOf = (le: string | undefined): number => (le === '+Inf' ? Infinity : Number(le))

/** Reads one histogram out of the text that `/metrics` answers with. */
export const readBuckets = (text: string, name: string, labels: Labels = {}): Buckets => {
  const lines = text
    .split('\n')
    .filter((line) => line.startsWith(name))
    .map(parseLine)
    .filter((line) => line !== null && isAbout(labels, line.labels)) as readonly Line[]
  const buckets = lines.filter((line) => line.name === `${name}_bucket`)
  return {
    bounds: buckets.map((line) => boundOf(line.labels['le'])),
    cumulative: buckets.map(({ value }) => value),
    sum: lines.find((line) => line.name === `${name}_sum`)?.value ?? NaN,
  }
}

/** Reads a number without labels; NaN where there is none. */
export const readValue = (text: string, name: string): number =>
  text
    .split('\n')
    .map(parseLine)
    .find((line) => line?.name === name)?.value ?? NaN

/** The sum over all labels of a counter; 0 where it was never counted. */
export const readTotal = (text: string, name: string): number =>
  text
    .split('\n')
    .map(parseLine)
    .reduce((sum, line) => (line?.name === name ? sum + line.value : sum), 0)

/** What was observed between two readings of one histogram. */
export const since = (before: Buckets, after: Buckets): Buckets => ({
  bounds: after.bounds,
  cumulative: after.cumulative.map((count, i) => count - (before.cumulative[i] ?? 0)),
  sum: after.sum - before.sum,
})

export const countOf = ({ cumulative }: Buckets): number => cumulative.at(-1) ?? 0

/**
 * The quantile `q`, as if observations lay evenly in their bucket (as Prometheus's histogram_quantile does); beyond
 * the last finite bound that bound is given. NaN of nothing.
 */
export const bucketQuantile = (buckets: Buckets, q: number): number => {
  const { bounds, cumulative } = buckets
  const rank = q * countOf(buckets)
  if (!(rank > 0)) return NaN
  const i = cumulative.findIndex((count) => count >= rank)
  const [low, below] = [bounds[i - 1] ?? 0, cumulative[i - 1] ?? 0]
  const high = bounds[i] ?? Infinity
  if (high === Infinity) return low
  return low + ((high - low) * (rank - below)) / ((cumulative[i] ?? 0) - below)
}

/** The bucket that the quantile `q` lies in: the true value is between these two. */
export const bucketAround = (buckets: Buckets, q: number): readonly [number, number] => {
  const i = buckets.cumulative.findIndex((count) => count >= q * countOf(buckets))
  return [buckets.bounds[i - 1] ?? 0, buckets.bounds[i] ?? Infinity]
}
