import { deviceFeatures } from './deviceFeatures.ts'
import { intelFeatures } from './intelFeatures.ts'
import { measureNames, measures } from './measures.ts'
import { noteMeasureNames, noteMeasures } from './noteMeasures.ts'
import { paymentFeatures } from './paymentFeatures.ts'
import { vulnerabilityFeatures } from './vulnerabilityFeatures.ts'

/** `<entity>` is an entity type or a pair of them (`account_payee`), `<window>` a length of time (`10m`, `7d`). */
export type CatalogueEntry = {
  readonly name: string
  readonly sentence: string
}

type Listed = { readonly window: 'required' | 'optional'; readonly sentence: string }

const entry = (name: string, { window, sentence }: Listed): CatalogueEntry => ({
  name: `<entity>.${name}${window === 'required' ? '.<window>' : '[.<window>]'}`,
  sentence,
})

/** Everything that a model or a policy can ask for, one sentence each. */
export const listFeatures = (): readonly CatalogueEntry[] => [
  ...measureNames.map((measure) => entry(measure, measures[measure])),
  ...noteMeasureNames.map((measure) => entry(measure, noteMeasures[measure])),
  {
    name: '<entity>.distinct_<entity>.<window>',
    sentence: 'Different entities of the second kind among the payments in the window, this one included.',
  },
  ...paymentFeatures.map(({ name, sentence }) => ({ name, sentence })),
  ...deviceFeatures.map(({ name, sentence }) => ({ name, sentence })),
  ...vulnerabilityFeatures.map(({ name, sentence }) => ({ name, sentence })),
  ...intelFeatures.map(({ name, sentence }) => ({ name, sentence })),
]
