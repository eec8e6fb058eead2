import { SluiceError } from '../../errors.ts'
import type { OnCompared } from './sources.ts'

export type KeyCheck = {
  readonly compare: OnCompared
  /** @throws SluiceError CONFIG_INVALID */
  readonly check: () => void
}

/** Decisions say what the processor hashed: with another key, nothing that is rebuilt here would be found there. */
export const createKeyCheck = (): KeyCheck => {
  let [same, other] = [0, 0]
  return {
    compare: ({ contentHash }, answer) => {
      if (answer.contentHash === '') return
      if (answer.contentHash === contentHash) same++
      else other++
    },
    check: () => {
      if (same === 0 && other > 0)
        throw new SluiceError(
          'CONFIG_INVALID',
          `SLUICE_HASH_KEY is not the one of the processor: none of ${other} decisions agrees with its payment`,
        )
    },
  }
}
