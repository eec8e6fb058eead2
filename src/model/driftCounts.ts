import { type Baseline, binOf } from './baseline.ts'

/** The distribution of one feature, or of the score, over the window. */
export type Counted = {
  /** By bin of the baseline. */
  readonly bins: Uint32Array
  readonly unknown: number
}

export type DriftWindow = {
  readonly score: Counted
  readonly features: ReadonlyMap<string, Counted>
}

/** How the payments of a sliding window are distributed. Fixed memory; adding a payment allocates nothing. */
export type DriftCounts = {
  /**
   * @param row raw features in the bundle's order, NaN where not known
   * @param at milliseconds that never step back
   */
  readonly addRow: (row: ArrayLike<number>, at: number) => void
  /** @param probability NaN where the model did not score */
  readonly addScore: (probability: number, at: number) => void
  /** Sums up the slices that are not older than the window; for a timer, not for each payment. */
  readonly read: (at: number) => DriftWindow
}

export type DriftCountsOptions = {
  readonly baseline: Baseline
  /** Where in a row each feature stands. */
  readonly featureIndex: ReadonlyMap<string, number>
  readonly windowMs: number
  /** The window moves on by one of so many slices. */
  readonly slices?: number
}

type Column = {
  readonly name: string
  readonly edges: Float64Array
  /** Place in a row; the score has none. */
  readonly position: number
  /** Its first counter in a slice; the one after its bins counts what is not known. */
  readonly first: number
}

type Columns = { readonly score: Column; readonly features: readonly Column[] }

const columnsOf = ({ score, features }: Baseline, index: ReadonlyMap<string, number>): Columns => {
  let next = 0
  const column = (name: string, edges: readonly number[], position: number): Column => {
    const first = next
    next += edges.length + 2
    return { name, edges: Float64Array.from(edges), position, first }
  }
  return {
    score: column('score', score.edges, -1),
    features: Object.entries(features).flatMap(([name, { edges }]) => {
      const position = index.get(name)
      return position === undefined ? [] : [column(name, edges, position)]
    }),
  }
}

export const createDriftCounts = ({
  baseline,
  featureIndex,
  windowMs,
  slices = 60,
}: DriftCountsOptions): DriftCounts => {
  const { score, features } = columnsOf(baseline, featureIndex)
  const columns = [score, ...features]
  const width = columns.reduce((sum, { edges }) => sum + edges.length + 2, 0)
  const sliceMs = windowMs / slices
  const counts = new Uint32Array(slices * width)
  /** Which stretch of time each slice of the ring holds. */
  const held = new Float64Array(slices).fill(-1)

  const sliceAt = (at: number): number => {
    const stretch = Math.floor(at / sliceMs)
    const slice = stretch % slices
    if (held[slice] !== stretch) {
      counts.fill(0, slice * width, (slice + 1) * width)
      held[slice] = stretch
    }
    return slice * width
  }

  const count = ({ edges, first }: Column, value: number, from: number): void => {
    // NaN is unlike itself.
    const bin = value === value ? binOf(value, edges) : edges.length + 1
    counts[from + first + bin]! += 1
  }

  const totals = (at: number): Uint32Array => {
    const newest = Math.floor(at / sliceMs)
    const sum = new Uint32Array(width)
    for (let slice = 0; slice < slices; slice++) {
      const stretch = held[slice]!
      if (stretch < 0 || stretch <= newest - slices) continue
      for (let each = 0; each < width; each++) sum[each]! += counts[slice * width + each]!
    }
    return sum
  }

  return {
    addRow: (row, at) => {
      const from = sliceAt(at)
      for (const column of features) count(column, row[column.position]!, from)
    },
    addScore: (probability, at) => count(score, probability, sliceAt(at)),
    read: (at) => {
      const sum = totals(at)
      const counted = ({ first, edges }: Column): Counted => ({
        bins: sum.subarray(first, first + edges.length + 1),
        unknown: sum[first + edges.length + 1]!,
      })
      return {
        score: counted(score),
        features: new Map(features.map((column) => [column.name, counted(column)])),
      }
    },
  }
}
