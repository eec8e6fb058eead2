import { createRng } from '../src/offline/simulator/rng.ts'

/** A stretch of time at one mean rate. */
export type Phase = { readonly perSecond: number; readonly seconds: number }

/**
 * When each payment is meant to be sent, in ms from the start: arrivals of a Poisson process, as of payers who know
 * nothing of each other. The number of payments in a phase is exact: rate times seconds, ordered uniform times.
 * An open loop: nothing that happens to a payment moves the time of a later one.
 */
export const arrivals = (phases: readonly Phase[], seed: number): Float64Array => {
  const rng = createRng(seed)
  let from = 0
  const times = phases.flatMap(({ perSecond, seconds }) => {
    const durationMs = seconds * 1_000
    const drawn = Array.from(
      { length: paymentsIn({ perSecond, seconds }) },
      () => from + rng.next() * durationMs,
    )
    from += durationMs
    return drawn
  })
  return Float64Array.from(times).toSorted()
}

export const paymentsIn = ({ perSecond, seconds }: Phase): number => Math.round(perSecond * seconds)
