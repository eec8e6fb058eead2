import type { Config } from '../config.ts'
import type { BundleAccount } from '../domain/bundleAccount.ts'
import type { Standing } from '../model/registry.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { openBundles } from './bundles.ts'
import { exportDrift, startDriftTimer, type DriftTimer } from './driftTimer.ts'
import type { Engine } from './engine.ts'
import type { Knowledge } from './knowledge.ts'
import { openGuarding } from './openGuarding.ts'
import { backendText } from './scoredOn.ts'
import { observeShadows } from './shadowObserver.ts'
import { createSparingly } from './sparingly.ts'
import { trustOf } from './trust.ts'

export type DecidingDeps = {
  readonly config: Config
  readonly knowledge: Knowledge
  /** Keyed: who chooses ids cannot choose his place in a canary or a control group. */
  readonly hashText: (text: string) => string
  readonly metrics: Metrics
  readonly log: Log
  readonly now: () => number
  readonly monotonic: () => number
}

/** The bundle of models and policy that decides, with what is put in its way and what watches it. */
export type Deciding = {
  readonly engine: () => Engine
  readonly see: ReturnType<typeof openBundles>['see']
  /** Resolves when a bundle decides. */
  readonly ready: () => Promise<void>
  /** Why no model decides; null where one does, whatever is wrong with another that is offered. */
  readonly missing: () => string | null
  readonly version: () => Readonly<Record<string, string>>
  readonly details: () => Readonly<Record<string, unknown>>
  /** Told of the bundle that decides now, and of each that comes after it. */
  readonly tellTo: (tell: (account: BundleAccount) => void) => void
  /** Stops what watches; payments are still decided. */
  readonly stopWatching: () => Promise<void>
  readonly close: () => Promise<void>
}

/** How often drift is measured. */
const driftEveryMs = 10_000
/** A model that fails does so with each micro-batch; the metric counts them all. */
const failureEveryMs = 10_000

const problemIn = ({ bundleHash, problem }: Standing): string | null =>
  bundleHash !== null ? null : (problem?.reason ?? 'is being loaded')

export const openDeciding = async (deps: DecidingDeps): Promise<Deciding> => {
  const { config, knowledge, hashText, metrics, log, now, monotonic } = deps
  let tell: (account: BundleAccount) => void = () => undefined
  const guarding = await openGuarding({
    config,
    hashText,
    metrics,
    log,
    now,
    openBreakers: () => bundles.engine().openBreakers(),
  })
  const sayFailure = createSparingly(failureEveryMs, monotonic)
  const bundles = openBundles({
    modelsDir: config.modelsDir,
    trust: trustOf(config),
    pollMs: config.modelsPollMs,
    trial: {
      probationMs: config.probationMs,
      bounds: {
        unscoredShare: config.probationUnscoredShare,
        blockFactor: config.probationBlockFactor,
      },
    },
    engineDeps: {
      retentionMs: config.historyRetentionDays * 86_400_000,
      intelligence: knowledge.intelligence,
      lists: knowledge.lists,
      systems: knowledge.systems,
      observeModelScore: metrics.observeModelScore,
      onModelFailure: (error) => {
        metrics.countModelFailure()
        sayFailure((leftOut) => log.error({ error, leftOut }, 'the model could not score'))
      },
      monotonic,
      driftWindowMs: config.driftWindowMs,
      guarding: guarding.deps,
    },
    challenging: {
      hashText,
      budgetMs: config.shadowBudgetMs,
      observer: observeShadows(metrics, log),
    },
    otherBackends: config.otherBackends,
    countSwap: metrics.countBundleSwap,
    onCurrent: () => {
      metrics.setBundleLoadedAt(now() / 1000)
      const { scoredOn, account } = bundles.engine()
      metrics.setOffPin(new Map(scoredOn.map((each) => [each.model, each.isAsPinned ? 0 : 1])))
      tell(account)
    },
    log,
    now,
  })
  let drift: DriftTimer | null = null
  const startDrift = (): DriftTimer =>
    startDriftTimer({
      measure: () => bundles.engine().drift(),
      limit: config.driftLimit,
      everyMs: driftEveryMs,
      onMeasured: exportDrift(metrics),
      onFlags: (flags) => log.warn({ flags }, 'what the model sees has moved from its training, or back'),
    })
  return {
    engine: bundles.engine,
    see: bundles.see,
    ready: async () => {
      await bundles.firstReady
      guarding.start()
      drift = startDrift()
    },
    missing: () => problemIn(bundles.standing()),
    version: () => {
      const { bundleHash, model, scoredOn } = bundles.engine()
      return { bundle: bundleHash, model, backend: backendText(scoredOn) }
    },
    details: () => ({
      bundle: bundles.details(),
      drift: drift?.details() ?? null,
      guards: guarding.details(),
    }),
    tellTo: (told) => {
      tell = told
      tell(bundles.engine().account)
    },
    stopWatching: async () => {
      drift?.stop()
      await guarding.stop()
    },
    close: bundles.close,
  }
}
