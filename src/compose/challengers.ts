import { unfitForModels } from '../decision/reasonCatalogue.ts'
import { SluiceError } from '../errors.ts'
import type { Bundle, Challenger } from '../model/bundle.file.ts'
import { createCanary } from '../model/canary.ts'
import type { OpenScorer, OpenShadow } from '../model/openScorer.ts'
import type { Scorer } from '../model/scorer.ts'
import { shadowOf, type ShadowScorer } from '../model/shadowScorer.ts'
import type { Canary } from './deciders.ts'
import type { ShadowObserver } from './secondOpinions.ts'

/** What it takes to let challengers score beside the champion. */
export type Challenging = {
  readonly openShadow: OpenShadow
  /** Keyed; hexadecimal: which accounts a canary takes. */
  readonly hashText: (text: string) => string
  readonly budgetMs: number
  readonly observer: ShadowObserver
}

export type Challengers = {
  readonly canary: Canary | null
  /** Every model that may have an opinion of a payment that another decided; with a canary the champion too. */
  readonly shadows: readonly ShadowScorer[]
  readonly dispose: () => void
}

export const noChallengers: Challengers = { canary: null, shadows: [], dispose: () => undefined }

/** @throws SluiceError MODEL_INVALID for a reason that has no words in the catalogue */
export const requireReasons = ({ model, reasonCodes }: Pick<Scorer, 'model' | 'reasonCodes'>): void => {
  const unfit = unfitForModels(reasonCodes)
  if (unfit.length > 0)
    throw new SluiceError(
      'MODEL_INVALID',
      `${model}: expected reason codes of the catalogue that name a finding, found ${unfit.join(', ')}`,
    )
}

/** Loads the challengers of a bundle; the champion is open already. Whatever one of them throws, all are let go. */
export const openChallengers = async (
  { challengers }: Bundle,
  champion: Scorer,
  featureIndex: ReadonlyMap<string, number>,
  openScorer: OpenScorer,
  { openShadow, hashText }: Challenging,
): Promise<Challengers> => {
  const shadows: ShadowScorer[] = []
  let canary: Canary | null = null
  const dispose = (): void => shadows.forEach((shadow) => shadow.dispose())

  const openOne = async (challenger: Challenger): Promise<void> => {
    const { canaryShare } = challenger
    if (canaryShare === undefined) {
      shadows.push(await openShadow(challenger, featureIndex))
      return
    }
    const scorer = await openScorer(challenger, featureIndex)
    shadows.push(shadowOf(scorer))
    canary = { scorer, takes: createCanary(scorer.model, canaryShare, hashText) }
  }

  try {
    for (const challenger of challengers) await openOne(challenger)
    shadows.forEach(requireReasons)
  } catch (error) {
    dispose()
    throw error
  }
  // Whoever disposes of the champion is its owner, not this list.
  const others = canary === null ? shadows : [{ ...shadowOf(champion), dispose: () => undefined }, ...shadows]
  return { canary, shadows: others, dispose }
}
