import type { Flow, Positions } from './flow.ts'
import type { RawRecord } from './record.ts'

/** A micro-batch that was handed to the flow. */
type Begun = { readonly records: readonly RawRecord[]; readonly published: Promise<Positions> }

export type AheadDeps = {
  readonly flow: Flow
  /** So many micro-batches may be begun before the first of them is published. */
  readonly max: number
  /** Takes note of what was published, one micro-batch after the other in their order. @returns whether to go on */
  readonly settle: (records: readonly RawRecord[], published: Promise<Positions>) => Promise<boolean>
}

/** Micro-batches of one partition, each decided before the next begins, while earlier ones may not be published yet. */
export type Ahead = {
  /** Resolves when the next one may begin. @returns whether to go on */
  readonly begin: (records: readonly RawRecord[]) => Promise<boolean>
  /** Settles all that was begun. @returns whether to go on */
  readonly settleAll: () => Promise<boolean>
  /** Resolves when nothing is under way any more, settled or not. */
  readonly ended: () => Promise<void>
}

export const createAhead = ({ flow, max, settle }: AheadDeps): Ahead => {
  const begun: Begun[] = []

  const settleDownTo = async (left: number): Promise<boolean> => {
    for (let first = begun[0]; first !== undefined && begun.length > left; first = begun[0]) {
      if (!(await settle(first.records, first.published))) return false
      begun.shift()
    }
    return true
  }

  return {
    begin: async (records) => {
      let hasFailed = false
      const decided = new Promise<void>((resolve) => {
        const published = flow(records, resolve)
        begun.push({ records, published })
        published
          .catch(() => {
            hasFailed = true
          })
          .finally(resolve)
      })
      await decided
      // What failed says so in its turn, when all before it is settled; nothing begins behind it.
      return settleDownTo(hasFailed ? 0 : max - 1)
    },
    settleAll: () => settleDownTo(0),
    ended: async () => {
      await Promise.allSettled(begun.map(({ published }) => published))
    },
  }
}
