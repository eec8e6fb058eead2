import { compilePolicySpec } from '../decision/policy.ts'
import type { SwapResult } from '../domain/bundleSwap.ts'
import { SluiceError } from '../errors.ts'
import type { Seen } from '../model/conduct.ts'
import { readFingerprint } from '../model/fingerprint.file.ts'
import { createOpening } from '../model/openScorer.ts'
import { engineText } from '../model/engine.ts'
import type { OtherBackends } from '../model/otherBackends.ts'
import type { Breach } from '../model/probation.ts'
import { createRegistry, type Registry, type Standing, type SwapEvent } from '../model/registry.ts'
import { createTrial, type TrialDeps } from '../model/trial.ts'
import { approvalCheckFor, checkFor, type Trust } from '../model/trust.ts'
import { watchModels } from '../model/watch.ts'
import type { Log } from '../ops/log.ts'
import type { Challenging } from './challengers.ts'
import { createEngine, type Engine, type EngineDeps } from './engine.ts'
import { policyDeps } from './policyDeps.ts'
import { readBundleAside } from './readAside.thread.ts'
import { readBundle, type ReadBundle, type ReadOrder } from './readBundle.ts'

export type BundlesDeps = {
  readonly modelsDir: string
  readonly trust: Trust
  readonly pollMs: number
  readonly trial: TrialDeps
  readonly engineDeps: EngineDeps
  /** Without it the champion is alone. */
  readonly challenging?: Omit<Challenging, 'openShadow'>
  /** What becomes of a model whose pinned engine is not here; refused by default. */
  readonly otherBackends?: OtherBackends
  readonly countSwap: (result: SwapResult) => void
  /** Another bundle decides from now on. */
  readonly onCurrent: () => void
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  /** After how long what was not taken is offered again, at first and at most. */
  readonly againMs?: { readonly first: number; readonly longest: number }
  /** Reads what is offered while another bundle decides; in a thread of its own by default. */
  readonly readBeside?: (order: ReadOrder) => Promise<ReadBundle>
}

/** The bundles that the models folder offers, and the engine of the one that decides. */
export type Bundles = {
  /** Resolves when the first bundle is ready: whatever is wrong with the folder may be put right until then. */
  readonly firstReady: Promise<void>
  /** @throws SluiceError MODEL_INVALID before the first bundle */
  readonly engine: () => Engine
  readonly standing: () => Standing
  /** How it stands with them, for `/health`. */
  readonly details: () => Standing & { readonly onProbationUntil: number | null }
  /** A payment was decided; what a bundle on probation does wrong takes it back. */
  readonly see: (bundleHash: string, seen: Seen) => void
  /** To be called when no payment is decided any more. */
  readonly close: () => Promise<void>
}

const breachesInWords: Readonly<Record<Breach, string>> = {
  unscored: 'too many payments had no probability',
  slow: 'payments took too long',
  blocks_more: 'it blocked far more than the bundle before',
  blocks_less: 'it blocked far less than the bundle before',
}
/** How often a bundle on probation is judged. */
const judgeMs = 1_000

/** Watches the models folder and puts what it offers in the place of what decides, whole or not at all. */
export const openBundles = (deps: BundlesDeps): Bundles => {
  const { modelsDir, trust, engineDeps, log } = deps
  const order: ReadOrder = { modelsDir, trust, retentionMs: engineDeps.retentionMs }
  const { openScorer, openShadow } = createOpening({
    otherBackends: deps.otherBackends ?? 'refuse',
    onOtherBackend: (model, engine, pin) =>
      log.warn(
        { model, engine: engineText(engine), pinned: engineText(pin) },
        'the model scores on another engine than it is pinned to: scores may differ from those of other instances',
      ),
  })
  const challenging =
    deps.challenging === undefined ? {} : { challenging: { ...deps.challenging, openShadow } }
  let isReady: () => void = () => undefined
  const firstReady = new Promise<void>((resolve) => (isReady = resolve))

  const trial = createTrial(deps.trial)
  const registry: Registry<Engine> = createRegistry<Engine>({
    now: deps.now,
    isOnProbation: () => trial.until() !== null,
    read: async () => {
      // Before the first bundle there are no payments that wait.
      const read = registry.current() === null ? readBundle : (deps.readBeside ?? readBundleAside)
      const { bundle, policy } = await read(order)
      return {
        bundleHash: bundle.bundleHash,
        makeReady: () =>
          createEngine(
            bundle,
            { ...engineDeps, ...challenging, openScorer },
            compilePolicySpec(policy, policyDeps),
          ),
      }
    },
    observe: (event) => {
      deps.countSwap(event.result)
      const engine = registry.current()
      if (event.result === 'swapped' || event.result === 'withdrawn') take(event)
      else
        log.error(
          { ...event, decides: engine?.bundleHash ?? null },
          'the bundle that is offered is not taken',
        )
    },
  })

  const take = ({ result, bundleHash, reason }: SwapEvent): void => {
    const { bundleHash: decides, model, features } = bundles.engine()
    const told = { bundle: decides, model, features: features.length }
    if (result === 'swapped') log.info(told, 'the model is warm')
    else
      log.error(
        { ...told, withdrawn: bundleHash, reason },
        'the bundle was withdrawn; the one before decides',
      )
    trial.begin(decides, result === 'swapped' && registry.standing().previousHash !== null, deps.now())
    deps.onCurrent()
    isReady()
  }

  const judging = setInterval(() => {
    const breach = trial.judge(deps.now())
    if (breach !== null) registry.withdraw(breachesInWords[breach])
  }, judgeMs)
  const watch = watchModels({
    fingerprint: () =>
      readFingerprint(
        modelsDir,
        checkFor(modelsDir, trust).keysFolder,
        approvalCheckFor(modelsDir, trust).approversFolder,
      ),
    everyMs: deps.pollMs,
    onChange: registry.offer,
    ...(deps.againMs === undefined ? {} : { againMs: deps.againMs }),
    isSettled: () => [undefined, 'withheld'].includes(registry.standing().problem?.result),
    onError: (error) => log.warn({ error }, 'the models folder could not be looked at'),
  })

  const bundles: Bundles = {
    firstReady,
    engine: () => {
      const engine = registry.current()
      if (engine === null) throw new SluiceError('MODEL_INVALID', 'no bundle is ready')
      return engine
    },
    standing: registry.standing,
    details: () => ({ ...registry.standing(), onProbationUntil: trial.until() }),
    see: (bundleHash, seen) => trial.see(bundleHash, seen, deps.now()),
    close: async () => {
      clearInterval(judging)
      await watch.stop()
      registry.close()
    },
  }
  return bundles
}
