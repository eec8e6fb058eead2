import { deviceFeatures } from './deviceFeatures.ts'
import { measureNames, measures } from './measures.ts'
import { paymentFeatures } from './paymentFeatures.ts'

/** `<entity>` is an entity type or a pair of them (`account_payee`), `<window>` a length of time (`10m`, `7d`). */
export type CatalogueEntry = {
  readonly name: string
  readonly sentence: string
}

/** Everything that a model or a policy can ask for, one sentence each. */
export const listFeatures = (): readonly CatalogueEntry[] => [
  ...measureNames.map((measure) => ({
    name: `<entity>.${measure}${measures[measure].window === 'required' ? '.<window>' : '[.<window>]'}`,
    sentence: measures[measure].sentence,
  })),
  {
    name: '<entity>.distinct_<entity>.<window>',
    sentence: 'Different entities of the second kind among the payments in the window, this one included.',
  },
  ...paymentFeatures.map(({ name, sentence }) => ({ name, sentence })),
  ...deviceFeatures.map(({ name, sentence }) => ({ name, sentence })),
]
