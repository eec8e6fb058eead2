import type { Assessed } from '../domain/decision.ts'
import type { Manifest } from '../model/manifest.ts'
import { type Drift, measureDrift } from '../model/drift.ts'
import { createDriftCounts } from '../model/driftCounts.ts'

/** How far what the champion sees and says is from its training. */
export type DriftWatch = {
  /** Cheap: some comparisons a feature, and nothing is allocated. */
  readonly count: (assessed: readonly Assessed[]) => void
  /** For a timer. Empty where the manifest has no baseline. */
  readonly measure: () => readonly Drift[]
}

export const noDriftWatch: DriftWatch = { count: () => undefined, measure: () => [] }

/** @param monotonic milliseconds that never step back */
export const createDriftWatch = (
  { id, version, baseline }: Pick<Manifest, 'id' | 'version' | 'baseline'>,
  featureIndex: ReadonlyMap<string, number>,
  windowMs: number,
  monotonic: () => number,
): DriftWatch => {
  if (baseline === undefined) return noDriftWatch
  const champion = `${id}/${version}`
  const counts = createDriftCounts({ baseline, featureIndex, windowMs })
  return {
    count: (assessed) => {
      const at = monotonic()
      for (const { features, probability, model, shed } of assessed) {
        // What was left out is not missing where payments come from, and the score is without it.
        if (shed.includes('optional_features')) continue
        counts.addRow(features, at)
        // What a canary decided says nothing of the champion's scores: its accounts are chosen by chance.
        if (model === champion) counts.addScore(probability, at)
      }
    },
    measure: () => measureDrift(baseline, counts.read(monotonic())),
  }
}
