import { setImmediate as nextTurn } from 'node:timers/promises'
import { openPinned } from './backend.ts'
import type { Model } from './bundle.file.ts'
import type { BackendName } from './pin.ts'
import { createScorer, type Scorer } from './scorer.ts'
import { createScorerAside } from './scorerAside.thread.ts'

export type OpenScorer = (model: Model, featureIndex: ReadonlyMap<string, number>) => Promise<Scorer>

/**
 * Opens models while others score. TF.js has one engine a thread: that of the first model is this thread's, and a
 * model pinned to it is loaded in pieces between which other work goes on; any other gets a thread of its own.
 */
export const createOpenScorer = (): OpenScorer => {
  let engineHere: BackendName | null = null
  return async (model, featureIndex) => {
    const { backend } = model.pin
    if (engineHere !== null && backend !== engineHere) return createScorerAside(model, featureIndex)
    const scorer = await createScorer(model, featureIndex, openPinned, nextTurn)
    engineHere = backend
    return scorer
  }
}
