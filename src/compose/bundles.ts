import { compilePolicySpec } from '../decision/policy.ts'
import type { SwapResult } from '../domain/bundleSwap.ts'
import { SluiceError } from '../errors.ts'
import { createOpening } from '../model/openScorer.ts'
import { createRegistry, type Registry, type Standing } from '../model/registry.ts'
import { watchModels } from '../model/watch.file.ts'
import type { Log } from '../ops/log.ts'
import type { Challenging } from './challengers.ts'
import { createEngine, type Engine, type EngineDeps } from './engine.ts'
import { policyDeps } from './policyDeps.ts'
import { readBundleAside } from './readAside.thread.ts'
import { readBundle } from './readBundle.ts'

export type BundlesDeps = {
  readonly modelsDir: string
  readonly pollMs: number
  readonly engineDeps: EngineDeps
  readonly challenging: Omit<Challenging, 'openShadow'>
  readonly countSwap: (result: SwapResult) => void
  /** Another bundle decides from now on. */
  readonly onCurrent: (engine: Engine) => void
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
}

/** The bundles that the models folder offers, and the engine of the one that decides. */
export type Bundles = {
  /** Resolves when the first bundle is ready: whatever is wrong with the folder may be put right until then. */
  readonly firstReady: Promise<void>
  /** @throws SluiceError MODEL_INVALID before the first bundle */
  readonly engine: () => Engine
  readonly standing: () => Standing
  readonly withdraw: (reason: string) => boolean
  /** To be called when no payment is decided any more. */
  readonly close: () => Promise<void>
}

/** Watches the models folder and puts what it offers in the place of what decides, whole or not at all. */
export const openBundles = (deps: BundlesDeps): Bundles => {
  const { modelsDir, engineDeps, log } = deps
  const { openScorer, openShadow } = createOpening()
  let isReady: () => void = () => undefined
  const firstReady = new Promise<void>((resolve) => (isReady = resolve))

  const registry: Registry<Engine> = createRegistry<Engine>({
    now: deps.now,
    read: async () => {
      // Before the first bundle there are no payments that wait.
      const read = registry.current() === null ? readBundle : readBundleAside
      const { bundle, policy } = await read({ modelsDir, retentionMs: engineDeps.retentionMs })
      return {
        bundleHash: bundle.bundleHash,
        makeReady: () =>
          createEngine(
            bundle,
            { ...engineDeps, openScorer, challenging: { ...deps.challenging, openShadow } },
            compilePolicySpec(policy, policyDeps),
          ),
      }
    },
    observe: ({ result, bundleHash, reason }) => {
      deps.countSwap(result)
      const engine = registry.current()
      if (result === 'swapped' || result === 'withdrawn') {
        if (engine === null) return
        const { bundleHash: decides, model, features } = engine
        if (result === 'swapped')
          log.info({ bundle: decides, model, features: features.length }, 'the model is warm')
        else log.error({ withdrawn: bundleHash, reason, bundle: decides, model }, 'the bundle was withdrawn')
        deps.onCurrent(engine)
        isReady()
        return
      }
      const decides = engine?.bundleHash ?? null
      log.error(
        { result, reason, offered: bundleHash, bundle: decides },
        'the bundle that is offered is not taken',
      )
    },
  })
  const watch = watchModels({
    modelsFolder: modelsDir,
    everyMs: deps.pollMs,
    onChange: registry.offer,
    onError: (error) => log.warn({ error }, 'the models folder could not be looked at'),
  })

  return {
    firstReady,
    engine: () => {
      const engine = registry.current()
      if (engine === null) throw new SluiceError('MODEL_INVALID', 'no bundle is ready')
      return engine
    },
    standing: registry.standing,
    withdraw: registry.withdraw,
    close: async () => {
      await watch.stop()
      registry.close()
    },
  }
}
