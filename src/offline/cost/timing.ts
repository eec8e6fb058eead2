import { compileFeatures, type FeatureSettings } from '../../features/plan.ts'
import type { Recalled } from '../../features/recalled.ts'

/** Sets of features whose times are taken in turn, so that what the machine does to one it does to the others too. */
export type Timing = {
  /** @throws SluiceError FEATURE_UNKNOWN */
  readonly add: (names: readonly string[]) => Timed
  /** How much longer one set takes than another, both right after each other. */
  readonly addDifference: (names: readonly string[], others: readonly string[]) => Timed
  /** Computes all sets for all payments of a batch, in each round once. */
  readonly measure: (batch: readonly Recalled[]) => void
}

export type Timed = {
  /** Of all batches that were measured together; of each the median of the rounds, ms. */
  readonly medianMs: () => number
}

export type TimingDeps = {
  readonly settings: FeatureSettings
  readonly rounds: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** The first batch is computed so often before it is measured: code is compiled. */
const warmUps = 20

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2
}

/** Milliseconds of a batch in a round. */
type Take = (batch: readonly Recalled[], round: number) => number

export const createTiming = ({ settings, rounds, now }: TimingDeps): Timing => {
  const held: { readonly take: Take; sumMs: number }[] = []
  let isWarm = false

  const takeOf = (names: readonly string[]): Take => {
    const plan = compileFeatures(names, settings)
    const row = new Float64Array(names.length)
    return (batch) => {
      const startedAt = now()
      for (const recalled of batch) plan.compute(recalled, row)
      return now() - startedAt
    }
  }

  const hold = (take: Take): Timed => {
    const each = { take, sumMs: 0 }
    held.push(each)
    return { medianMs: () => each.sumMs }
  }

  const warmUp = (batch: readonly Recalled[]): void => {
    for (let time = 0; time < warmUps; time++) for (const { take } of held) take(batch, time)
    isWarm = true
  }

  return {
    add: (names) => hold(takeOf(names)),
    addDifference: (names, others) => {
      const [one, other] = [takeOf(names), takeOf(others)]
      // Who comes second finds the histories in the processor's caches: both do in turn.
      return hold((batch, round) => {
        if (round % 2 === 0) return one(batch, round) - other(batch, round)
        const otherMs = other(batch, round)
        return one(batch, round) - otherMs
      })
    },
    measure: (batch) => {
      if (!isWarm) warmUp(batch)
      const tookMs = held.map((): number[] => [])
      for (let round = 0; round < rounds; round++)
        held.forEach(({ take }, i) => tookMs[i]?.push(take(batch, round)))
      held.forEach((each, i) => (each.sumMs += median(tookMs[i] ?? [])))
    },
  }
}
