import type { Audit } from '../../domain/audit.ts'
import type { Baseline } from '../../model/baseline.ts'
import { type Drift, measureDrift } from '../../model/drift.ts'
import { createDriftCounts } from '../../model/driftCounts.ts'
import { type Comparison, createComparisons } from './comparison.ts'
import { curvesOf, type Curves, type Verdict, verdictOf } from './verdict.ts'

/** The bundle whose rows can be read: what their places mean is in its files, not in the audit records. */
export type KnownBundle = {
  readonly bundleHash: string
  /** `<id>/<version>` of the champion. */
  readonly champion: string
  readonly features: readonly string[]
  readonly baseline: Baseline | undefined
}

export type PromotionReport = {
  /** The model that all others are compared with. */
  readonly base: string
  readonly payments: number
  /** Epoch milliseconds of the first and the last decision; NaN without any. */
  readonly from: number
  readonly to: number
  /** Decisions by bundle. */
  readonly bundles: Readonly<Record<string, number>>
  /** Labels known at `asOf`. */
  readonly labels: { readonly asOf: number; readonly known: number; readonly frauds: number }
  readonly challengers: readonly Verdict[]
  /** null: the champion's manifest has no baseline, or no payment was decided by the bundle of today. */
  readonly drift: { readonly payments: number; readonly features: readonly Drift[] } | null
  /** Payments that a control group let through at random; null: the policy keeps none. */
  readonly controlGroup: null
}

export type ReportDeps = {
  readonly bundle: KnownBundle
  readonly base: string
  readonly asOf: number
  /** 1 fraud, 0 genuine, NaN not known by then. */
  readonly labelOf: (payment: { readonly paymentId: string; readonly occurredAt: number }) => number
}

export type Reporting = {
  readonly add: (audit: Audit) => void
  readonly report: () => PromotionReport
  /** By model, what the plots need beside the report. */
  readonly curves: () => ReadonlyMap<string, Curves>
}

/** Takes the audit records of a time in any order; holds a few numbers of each. */
export const createReporting = ({ bundle, base, asOf, labelOf }: ReportDeps): Reporting => {
  const comparisons = createComparisons(base)
  const { baseline } = bundle
  const featureIndex = new Map(bundle.features.map((name, at) => [name, at]))
  const counts =
    baseline === undefined ? null : createDriftCounts({ baseline, featureIndex, windowMs: 60_000 })
  const bundles: Record<string, number> = {}
  const seen = { payments: 0, drifting: 0, known: 0, frauds: 0, from: Infinity, to: -Infinity }

  const countDrift = ({ decision, features }: Audit): void => {
    if (counts === null || decision.bundleHash !== bundle.bundleHash) return
    if (features.length !== bundle.features.length) return
    seen.drifting++
    // All of it in one slice: the report's window is what it was given.
    counts.addRow(features, 0)
    if (decision.model === bundle.champion) counts.addScore(decision.probability ?? NaN, 0)
  }

  return {
    add: (audit) => {
      const { decision, payment } = audit
      const label = labelOf(payment)
      seen.payments++
      seen.from = Math.min(seen.from, decision.decidedAt)
      seen.to = Math.max(seen.to, decision.decidedAt)
      if (!Number.isNaN(label)) seen.known++
      if (label === 1) seen.frauds++
      bundles[decision.bundleHash] = (bundles[decision.bundleHash] ?? 0) + 1
      comparisons.add(audit, label)
      countDrift(audit)
    },
    report: () => ({
      base,
      payments: seen.payments,
      from: seen.payments === 0 ? NaN : seen.from,
      to: seen.payments === 0 ? NaN : seen.to,
      bundles,
      labels: { asOf, known: seen.known, frauds: seen.frauds },
      challengers: comparisons.all().map(verdictOf),
      drift:
        counts === null || baseline === undefined || seen.drifting === 0
          ? null
          : { payments: seen.drifting, features: measureDrift(baseline, counts.read(0)) },
      controlGroup: null,
    }),
    curves: () =>
      new Map(
        comparisons.all().flatMap((comparison: Comparison) => {
          const curves = curvesOf(comparison)
          return curves === null ? [] : [[comparison.model, curves] as const]
        }),
      ),
  }
}
