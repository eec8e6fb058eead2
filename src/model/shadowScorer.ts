import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Scorer } from './scorer.ts'

/** A model whose answers nobody waits for on a payment's path. */
export type ShadowScorer = {
  /** `<id>/<version>` of the model. */
  readonly model: string
  readonly engine: Scorer['engine']
  readonly reasonCodes: readonly string[]
  /** As a `Scorer` does, but later. Rejects where the model fails. */
  readonly score: (rows: readonly Float64Array[]) => Promise<Float64Array>
  readonly dispose: () => void
}

/** A model of this thread, called when what was sent before has been handed to the system. */
export const shadowOf = ({ model, engine, reasonCodes, score, dispose }: Scorer): ShadowScorer => ({
  model,
  engine,
  reasonCodes,
  score: async (rows) => {
    await nextTurn()
    return score(rows)
  },
  dispose,
})
