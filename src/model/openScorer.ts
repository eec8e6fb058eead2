import { setImmediate as nextTurn } from 'node:timers/promises'
import { openerFor } from './backend.ts'
import type { Model } from './bundle.file.ts'
import { type Engine, isAsPinned, type Strictness } from './engine.ts'
import { openOnAny, type OtherBackends } from './otherBackends.ts'
import type { BackendName, Pin } from './pin.ts'
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

export type OpeningDeps = {
  readonly otherBackends: OtherBackends
  /** A model scores on another engine than its pin says. */
  readonly onOtherBackend: (model: string, engine: Engine, pin: Pin) => void
}

const pinnedOnly: OpeningDeps = { otherBackends: 'refuse', onOtherBackend: () => undefined }

/**
 * Opens models while others score. TF.js has one engine a thread: that of the first model is this thread's, and a
 * model pinned to it is loaded in pieces between which other work goes on; any other gets a thread of its own.
 */
export const createOpening = ({ otherBackends, onOtherBackend }: OpeningDeps = pinnedOnly): Opening => {
  let engineHere: BackendName | null = null
  const isElsewhere = ({ pin }: Model): boolean => engineHere !== null && pin.backend !== engineHere

  const openHere = async (
    model: Model,
    featureIndex: ReadonlyMap<string, number>,
    strictness: Strictness,
  ): Promise<Scorer> => {
    const scorer = await createScorer(model, featureIndex, openerFor(strictness), nextTurn)
    engineHere = model.pin.backend
    return scorer
  }

  const opened = async <T extends Pick<Scorer, 'model' | 'engine'>>(
    model: Model,
    open: (model: Model, strictness: Strictness) => Promise<T>,
  ): Promise<T> => {
    if (otherBackends === 'refuse') return open(model, 'as pinned')
    const scorer = await openOnAny(model, open)
    if (!isAsPinned(scorer.engine, model.pin)) onOtherBackend(scorer.model, scorer.engine, model.pin)
    return scorer
  }

  return {
    openScorer: (model, featureIndex) =>
      opened(model, (on, strictness) =>
        isElsewhere(on)
          ? createScorerAside(on, featureIndex, strictness)
          : openHere(on, featureIndex, strictness),
      ),
    openShadow: (model, featureIndex) =>
      opened(model, async (on, strictness) =>
        isElsewhere(on)
          ? createShadowAside(on, featureIndex, strictness)
          : shadowOf(await openHere(on, featureIndex, strictness)),
      ),
  }
}
