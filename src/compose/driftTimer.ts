import type { Metrics } from '../ops/metrics.ts'
import { type Drift, drifted, driftText } from '../model/drift.ts'

export type DriftTimerDeps = {
  readonly measure: () => readonly Drift[]
  /** PSI beyond which a feature, or the score, is flagged. */
  readonly limit: number
  readonly everyMs: number
  /** Told all that was measured, each time, with how many of it are flagged. */
  readonly onMeasured: (drifts: readonly Drift[], flagged: number) => void
  /** Told when others are flagged than before. */
  readonly onFlags: (flags: DriftFlags) => void
}

/** By feature, or `score`, what has moved and how far. */
export type DriftFlags = Readonly<Record<string, string>>

export type DriftDetails = {
  readonly limit: number
  /** True where something is flagged: an alert may match on it. */
  readonly flagged: boolean
  readonly flags: DriftFlags
}

export type DriftTimer = {
  /** For `/health`: a payment is decided all the same. */
  readonly details: () => DriftDetails
  readonly measureNow: () => void
  readonly stop: () => void
}

/** Measures drift again and again, beside the payments. */
export const startDriftTimer = (deps: DriftTimerDeps): DriftTimer => {
  let flags: DriftFlags = {}
  const measureNow = (): void => {
    const drifts = deps.measure()
    const beyond = drifted(drifts, deps.limit)
    const next = Object.fromEntries(beyond.map((drift) => [drift.name, driftText(drift)]))
    const isNews = Object.keys(next).join() !== Object.keys(flags).join()
    flags = next
    deps.onMeasured(drifts, beyond.length)
    if (isNews) deps.onFlags(flags)
  }
  const timer = setInterval(measureNow, deps.everyMs)
  timer.unref()
  return {
    details: () => ({ limit: deps.limit, flagged: Object.keys(flags).length > 0, flags }),
    measureNow,
    stop: () => clearInterval(timer),
  }
}

/** A value that is not known is exported as NaN, never as 0. */
export const exportDrift =
  (metrics: Pick<Metrics, 'setPsi' | 'setUnknownShares' | 'setDriftPayments' | 'setDrifted'>) =>
  (drifts: readonly Drift[], flagged: number): void => {
    metrics.setPsi(new Map(drifts.map(({ name, psi }) => [name, psi])))
    metrics.setUnknownShares(new Map(drifts.map(({ name, unknownShare }) => [name, unknownShare])))
    metrics.setDriftPayments(Math.max(0, ...drifts.map(({ count }) => count)))
    metrics.setDrifted(flagged)
  }
