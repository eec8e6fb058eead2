import { createDeciders } from '../../src/compose/deciders.ts'
import type { Assessed } from '../../src/domain/decision.ts'
import type { Bundle } from '../../src/model/bundle.file.ts'
import { createScorer } from '../../src/model/scorer.ts'
import { anAssessed } from '../../test/support/payments.ts'
import { quantile } from '../statistics.ts'

export type ReasonsOptions = {
  readonly batch: number
  /** Payments of the batch that are not allowed. */
  readonly stepUps: number
  readonly calls: number
}

export type ReasonsFigures = {
  readonly model: string
  readonly reasonGroups: number
  readonly batch: number
  readonly stepUps: number
  /** Of one batch, with what the stage does besides the model call. */
  readonly millis: { readonly median: number; readonly p99: number }
}

const warmUpCalls = 200

/** What the stage of reasons costs: the champion explains the step-ups of a batch, again and again. */
export const measureReasons = async (
  { champion: model }: Pick<Bundle, 'champion'>,
  { batch, stepUps, calls }: ReasonsOptions,
  monotonic: () => number,
): Promise<ReasonsFigures> => {
  const { features, goldenVectors } = model.manifest
  const champion = await createScorer(model, new Map(features.map(({ name }, at) => [name, at])))
  const deciders = createDeciders({
    champion,
    canary: null,
    observeModelScore: () => undefined,
    onModelFailure: (error) => {
      throw error
    },
    monotonic,
  })
  const assessed: readonly Assessed[] = Array.from({ length: batch }, (_, at) =>
    anAssessed({
      model: champion.model,
      outcome: at < stepUps ? 'STEP_UP' : 'ALLOW',
      features: Float64Array.from(
        goldenVectors[at % goldenVectors.length]?.row ?? [],
        (value) => value ?? NaN,
      ),
    }),
  )
  for (let call = 0; call < warmUpCalls; call++) deciders.explain(assessed)
  const millis = Array.from({ length: calls }, () => {
    const startedAt = monotonic()
    deciders.explain(assessed)
    return monotonic() - startedAt
  })
  champion.dispose()
  return {
    model: champion.model,
    reasonGroups: champion.reasonCodes.length,
    batch,
    stepUps,
    millis: { median: quantile(millis, 0.5), p99: quantile(millis, 0.99) },
  }
}
