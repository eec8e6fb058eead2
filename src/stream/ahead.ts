import type { ObserveStage, StageName } from './laps.ts'

/** How long it takes, from what it lately took, until what is decided now stands in `decisions`. */
export type Ahead = {
  readonly observe: ObserveStage
  /** Milliseconds; 0 before anything was seen. */
  readonly ms: () => number
}

/** The stages that follow the one in which it is settled whether a payment is late. */
const following: readonly StageName[] = ['features', 'score', 'decide', 'explain', 'journal', 'publish']
/** What is left of a peak after each further micro-batch: one that took long is soon forgotten. */
const fading = 0.9

/** @param mostMs one stall must not make the payments after it late that can still be in time */
export const createAhead = (mostMs: number): Ahead => {
  const peaks = new Map<StageName, number>(following.map((stage) => [stage, 0]))
  let sumMs = 0
  return {
    observe: (stage, seconds) => {
      const peak = peaks.get(stage)
      if (peak === undefined) return
      const next = Math.max(seconds * 1_000, peak * fading)
      peaks.set(stage, next)
      sumMs += next - peak
    },
    ms: () => Math.min(sumMs, mostMs),
  }
}
