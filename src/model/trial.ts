import { createConductLog, type Seen } from './conduct.ts'
import { judgeProbation, type Bounds, type Breach, type Conduct } from './probation.ts'

export type TrialDeps = {
  /** How long a new bundle is on probation; 0: never. */
  readonly probationMs: number
  readonly bounds: Bounds
}

/** Watches over the bundle in use, and knows how the one before it did. */
export type Trial = {
  /** @param bundleHash of the bundle that decided the payment: what another one decided does not count */
  readonly see: (bundleHash: string, seen: Seen, now: number) => void
  /**
   * Another bundle decides from `now` on. The first one is not on probation, nor is the one that was trusted last when it
   * comes back. One that takes the place of a bundle on probation is compared with the last one that was trusted.
   */
  readonly begin: (bundleHash: string, onProbation: boolean, now: number) => void
  /** What the bundle on probation has left, if anything. */
  readonly judge: (now: number) => Breach | null
  /** Until when the bundle in use is on probation, epoch ms; null: it is not. */
  readonly until: () => number | null
}

/** Times are epoch ms. */
export const createTrial = ({ probationMs, bounds }: TrialDeps): Trial => {
  const log = createConductLog(Math.max(probationMs, 1))
  let inUse: string | null = null
  /** The last bundle that was not on probation when it was left. */
  let trusted: string | null = null
  let before: Conduct | null = null
  let begunAt = 0

  return {
    see: (bundleHash, seen, now) => {
      if (bundleHash === inUse) log.add(seen, now)
    },
    begin: (bundleHash, onProbation, now) => {
      const isBack = bundleHash === trusted
      if (before === null) trusted = inUse
      before = onProbation && !isBack && probationMs > 0 ? (before ?? log.since(now - probationMs)) : null
      begunAt = now
      inUse = bundleHash
      log.clear()
    },
    judge: (now) => {
      if (before === null) return null
      const breach = judgeProbation(before, log.since(begunAt), bounds)
      if (breach === null && now >= begunAt + probationMs) before = null
      return breach
    },
    until: () => (before === null ? null : begunAt + probationMs),
  }
}
