import { nothingListed } from '../../../src/features/intelFeatures.ts'
import { createEngine } from '../../../src/compose/engine.ts'
import type { Audit } from '../../../src/domain/audit.ts'
import { createScorer } from '../../../src/model/scorer.ts'
import type { Active } from '../../../src/model/active.ts'
import { loadBundleOf } from '../../../src/model/bundle.file.ts'
import { signedOnly } from '../../../src/model/trust.ts'

/** A sound bundle, loaded beside the processor, to ask what it would have said. */
export type Known = {
  readonly bundleHash: string
  readonly features: readonly string[]
  /** The probability that its model gives for the row of an audit record; null: none. */
  readonly probabilityOf: (audit: Audit) => number | null
  readonly dispose: () => void
}

export const knownBundle = async (models: string, active: Active): Promise<Known> => {
  const bundle = await loadBundleOf(models, active, signedOnly)
  const engine = await createEngine(bundle, {
    retentionMs: 40 * 86_400_000,
    intelligence: nothingListed,
    observeModelScore: () => undefined,
    monotonic: () => 0,
  })
  const scorer = await createScorer(bundle.champion, new Map(engine.features.map((name, i) => [name, i])))
  return {
    bundleHash: bundle.bundleHash,
    features: engine.features,
    probabilityOf: ({ features }) => {
      const [probability = NaN] = scorer.score([Float64Array.from(features)])
      return Number.isNaN(probability) ? null : probability
    },
    dispose: () => {
      engine.dispose()
      scorer.dispose()
    },
  }
}
