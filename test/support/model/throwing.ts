import { SluiceError } from '../../../src/errors.ts'

const asOurs = (error: unknown): SluiceError => {
  if (error instanceof SluiceError) return error
  throw new Error('expected a SluiceError', { cause: error })
}

/** The SluiceError that a call throws. */
export const throwing = (call: () => unknown): SluiceError => {
  try {
    call()
  } catch (error) {
    return asOurs(error)
  }
  throw new Error('expected a SluiceError, but nothing was thrown')
}

/** The SluiceError that a promise rejects with. */
export const rejecting = async (promise: Promise<unknown>): Promise<SluiceError> => {
  try {
    await promise
  } catch (error) {
    return asOurs(error)
  }
  throw new Error('expected a SluiceError, but nothing was thrown')
}
