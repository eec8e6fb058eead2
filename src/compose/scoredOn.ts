import type { Bundle } from '../model/bundle.file.ts'
import { engineText, isAsPinned } from '../model/engine.ts'
import type { Scorer } from '../model/scorer.ts'

/** A model of a bundle, and what it scores on here. */
export type ScoredOn = {
  /** `<id>/<version>` */
  readonly model: string
  /** Name and version. */
  readonly engine: string
  readonly pinned: string
  readonly isAsPinned: boolean
}

/** The champion first, each model once. */
export const scoredOnOf = (
  { champion, challengers }: Bundle,
  scorers: readonly Pick<Scorer, 'model' | 'engine'>[],
): readonly ScoredOn[] =>
  [champion, ...challengers].flatMap(({ manifest, pin }) => {
    const model = `${manifest.id}/${manifest.version}`
    const engine = scorers.find((scorer) => scorer.model === model)?.engine
    return engine === undefined
      ? []
      : [{ model, engine: engineText(engine), pinned: engineText(pin), isAsPinned: isAsPinned(engine, pin) }]
  })

/** For `/version`: the champion's engine, and its pin where that is another one. */
export const backendText = ([champion]: readonly ScoredOn[]): string => {
  if (champion === undefined) return 'none'
  const { engine, pinned } = champion
  return champion.isAsPinned ? engine : `${engine}, pinned to ${pinned}`
}
