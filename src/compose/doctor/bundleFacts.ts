import type { Settings } from '../../config.ts'
import { SluiceError } from '../../errors.ts'
import { loadBundle } from '../../model/bundle.file.ts'
import { createEngine } from '../engine.ts'
import type { BundleFacts } from './bundleFindings.ts'
import { reasonOf } from './finding.ts'

/** Loads the active bundle as a processor does: hashes, names, policy, golden vectors. Never rejects for the bundle. */
export const gatherBundleFacts = async ({
  modelsDir,
  historyRetentionDays,
}: Settings): Promise<BundleFacts> => {
  try {
    const engine = await createEngine(await loadBundle(modelsDir), {
      retentionMs: historyRetentionDays * 86_400_000,
      observeModelScore: () => undefined,
      monotonic: () => performance.now(),
    })
    const { model, bundleHash, features } = engine
    engine.dispose()
    return { loaded: true, modelsDir, model, bundleHash, features: features.length }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return { loaded: false, modelsDir, code: error.code, reason: reasonOf(error) }
  }
}
