import { SluiceError } from '../../../src/errors.ts'

/** A topic made a moment ago may have no leader yet, which is tried again; whatever else fails fails the test. */
export const failingForGood = (error: unknown): void => {
  if (!(error instanceof SluiceError) || !error.retriable) throw error
}
