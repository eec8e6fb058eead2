import type { Settings } from '../../config.ts'
import { SluiceError } from '../../errors.ts'
import { loadBundle } from '../../model/bundle.file.ts'
import { createOpening } from '../../model/openScorer.ts'
import { createEngine } from '../engine.ts'
import { trustOf } from '../trust.ts'
import type { BundleFacts } from './bundleFindings.ts'
import { reasonOf } from './finding.ts'

/** Loads the active bundle as a processor does: hashes, names, policy, golden vectors. Never rejects for the bundle. */
export const gatherBundleFacts = async (settings: Settings): Promise<BundleFacts> => {
  const { modelsDir, historyRetentionDays, otherBackends } = settings
  try {
    const bundle = await loadBundle(modelsDir, trustOf(settings))
    const engine = await createEngine(bundle, {
      retentionMs: historyRetentionDays * 86_400_000,
      observeModelScore: () => undefined,
      monotonic: () => performance.now(),
      openScorer: createOpening({ otherBackends, onOtherBackend: () => undefined }).openScorer,
    })
    const { model, bundleHash, features, scoredOn } = engine
    engine.dispose()
    return {
      loaded: true,
      modelsDir,
      model,
      bundleHash,
      features: features.length,
      signer: bundle.champion.signer,
      scoredOn,
    }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return { loaded: false, modelsDir, code: error.code, reason: reasonOf(error) }
  }
}
