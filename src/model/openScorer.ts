import { setImmediate as nextTurn } from 'node:timers/promises'
import { openPinned } from './backend.ts'
import type { Model } from './bundle.file.ts'
import type { BackendName } from './pin.ts'
import { createScorer, type Scorer } from './scorer.ts'
import { createScorerAside } from './scorerAside.thread.ts'
import { createShadowAside } from './shadowAside.thread.ts'
import { shadowOf, type ShadowScorer } from './shadowScorer.ts'

export type OpenScorer = (model: Model, featureIndex: ReadonlyMap<string, number>) => Promise<Scorer>

export type OpenShadow = (model: Model, featureIndex: ReadonlyMap<string, number>) => Promise<ShadowScorer>

export type Opening = {
  /** For a model that decides: whoever calls it waits. */
  readonly openScorer: OpenScorer
  /** For a model in shadow, of which this thread never waits for another. */
  readonly openShadow: OpenShadow
}

/**
 * Opens models while others score. TF.js has one engine a thread: that of the first model is this thread's, and a
 * model pinned to it is loaded in pieces between which other work goes on; any other gets a thread of its own.
 */
export const createOpening = (): Opening => {
  let engineHere: BackendName | null = null
  const isElsewhere = ({ pin }: Model): boolean => engineHere !== null && pin.backend !== engineHere

  const openHere: OpenScorer = async (model, featureIndex) => {
    const scorer = await createScorer(model, featureIndex, openPinned, nextTurn)
    engineHere = model.pin.backend
    return scorer
  }
  return {
    openScorer: (model, featureIndex) =>
      isElsewhere(model) ? createScorerAside(model, featureIndex) : openHere(model, featureIndex),
    openShadow: async (model, featureIndex) =>
      isElsewhere(model)
        ? createShadowAside(model, featureIndex)
        : shadowOf(await openHere(model, featureIndex)),
  }
}
