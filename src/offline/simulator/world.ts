import { createMarkets, type Markets } from './merchants.ts'
import { createNames } from './names.ts'
import { createRng } from './rng.ts'
import { checkWorldOptions, type CheckedWorldOptions, type WorldOptions } from './worldOptions.ts'

/** The part of a simulated world that never changes. People are born anew in each run of `events`. */
export type World = { readonly options: CheckedWorldOptions; readonly markets: Markets }

/** @throws SluiceError USAGE for options that cannot make a world. */
export const createWorld = (options: WorldOptions): World => {
  const checked = checkWorldOptions(options)
  const names = createNames(checked.idPrefix)
  return {
    options: checked,
    markets: createMarkets(createRng(checked.seed), checked.accounts, names.merchant),
  }
}
