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
  /** Another bundle decides from `now` on. The first one, and one that comes back, are not on probation. */
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
  let before: Conduct | null = null
  let begunAt = 0

  return {
    see: (bundleHash, seen, now) => {
      if (bundleHash === inUse) log.add(seen, now)
    },
    begin: (bundleHash, onProbation, now) => {
      before = onProbation && probationMs > 0 ? log.since(now - probationMs) : null
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
