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
   * @param probability NaN where the model did not score
   * @param at milliseconds that never step back
   */
  readonly add: (row: ArrayLike<number>, probability: number, at: number) => void
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
  /** Place in a row; -1 is the score. */
  readonly position: number
  /** Its first counter in a slice; the one after its bins counts what is not known. */
  readonly first: number
}

const columnsOf = ({ score, features }: Baseline, index: ReadonlyMap<string, number>): readonly Column[] => {
  let next = 0
  const column = (name: string, edges: readonly number[], position: number): Column => {
    const first = next
    next += edges.length + 2
    return { name, edges: Float64Array.from(edges), position, first }
  }
  return [
    column('score', score.edges, -1),
    ...Object.entries(features).flatMap(([name, { edges }]) => {
      const position = index.get(name)
      return position === undefined ? [] : [column(name, edges, position)]
    }),
  ]
}

export const createDriftCounts = ({
  baseline,
  featureIndex,
  windowMs,
  slices = 60,
}: DriftCountsOptions): DriftCounts => {
  const columns = columnsOf(baseline, featureIndex)
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
    add: (row, probability, at) => {
      const from = sliceAt(at)
      for (const { position, edges, first } of columns) {
        const value = position < 0 ? probability : row[position]!
        // NaN is unlike itself.
        const bin = value === value ? binOf(value, edges) : edges.length + 1
        counts[from + first + bin]! += 1
      }
    },
    read: (at) => {
      const sum = totals(at)
      const counted = ({ first, edges }: Column): Counted => ({
        bins: sum.subarray(first, first + edges.length + 1),
        unknown: sum[first + edges.length + 1]!,
      })
      const [score, ...features] = columns
      return {
        score: counted(score!),
        features: new Map(features.map((column) => [column.name, counted(column)])),
      }
    },
  }
}
