import { createDeciders } from '../../compose/deciders.ts'
import { policyDeps } from '../../compose/policyDeps.ts'
import { compilePolicy } from '../../decision/policy.ts'
import { SluiceError } from '../../errors.ts'
import { readModel, type Model } from '../../model/bundle.file.ts'
import { isAsPinned } from '../../model/engine.ts'
import type { OpenScorer } from '../../model/openScorer.ts'
import type { Scorer } from '../../model/scorer.ts'
import { checkFor, type Trust } from '../../model/trust.ts'
import type { BundleBook, KnownBundle } from './bundleBook.ts'
import { bindRecorded } from './recordedGuards.ts'
import type { Redecider } from './redecide.ts'

export type RedecidersDeps = {
  readonly book: BundleBook
  readonly modelsFolder: string
  readonly trust: Trust
  readonly openScorer: OpenScorer
  /** A model whose files are not there any more, or not as they were. */
  readonly onMissing: (model: string, problem: string) => void
}

export type Redeciders = {
  /** null: nobody knows the bundle. @throws SluiceError POLICY_INVALID for a policy that is not understood any more */
  readonly of: (bundleHash: string) => Promise<Redecider | null>
  readonly dispose: () => void
}

type Opened = NonNullable<ReturnType<Redecider['modelOf']>>

const openedOf = (scorer: Scorer, { manifest, pin }: Model): Opened => {
  const deciders = createDeciders({
    champion: scorer,
    canary: null,
    observeModelScore: () => undefined,
    onModelFailure: (cause) => {
      throw new SluiceError('MODEL_INVALID', `${scorer.model}: the network cannot be called`, { cause })
    },
    monotonic: () => 0,
  })
  return {
    tolerance: isAsPinned(scorer.engine, pin) ? 0 : manifest.goldenTolerance,
    score: (enriched) => deciders.score([enriched])[0]?.probability ?? NaN,
    explain: (assessed) => deciders.explain([assessed])[0] ?? assessed,
  }
}

/** Makes bundles ready to decide again, each once, by the artifacts of the folder that still have the bundle's hashes. */
export const createRedeciders = (deps: RedecidersDeps): Redeciders => {
  // The hash says whose model it is; whether its key may still sign is a question of today.
  const check = checkFor(deps.modelsFolder, { ...deps.trust, unsigned: 'allow' })
  const scorers: Scorer[] = []
  const ready = new Map<string, Promise<Redecider | null>>()

  const openModels = async (
    { active }: KnownBundle,
    index: ReadonlyMap<string, number>,
  ): Promise<ReadonlyMap<string, Opened>> => {
    const opened = new Map<string, Opened>()
    for (const wanted of [active.champion, ...active.challengers])
      try {
        const model = await readModel(deps.modelsFolder, wanted, check)
        const scorer = await deps.openScorer(model, index)
        scorers.push(scorer)
        opened.set(scorer.model, openedOf(scorer, model))
      } catch (error) {
        if (!(error instanceof SluiceError)) throw error
        deps.onMissing(wanted.path, error.message)
      }
    return opened
  }

  const open = async (bundleHash: string): Promise<Redecider | null> => {
    const known = deps.book.of(bundleHash)
    if (known === null) return null
    const { featureNames, policyText } = known.account
    const index = new Map(featureNames.map((name, at) => [name, at]))
    const models = await openModels(known, index)
    return {
      featureNames,
      assessor: bindRecorded(compilePolicy(policyText, policyDeps), index),
      modelOf: (model) => models.get(model) ?? null,
    }
  }

  return {
    of: (bundleHash) => {
      const known = ready.get(bundleHash) ?? open(bundleHash)
      ready.set(bundleHash, known)
      return known
    },
    dispose: () => {
      for (const scorer of scorers) scorer.dispose()
    },
  }
}
