import { SluiceError } from '../errors.ts'

export const invalid = (message: string): SluiceError => new SluiceError('POLICY_INVALID', message)

/** Refuses a policy, naming the place that is wrong. */
export const refuse = (place: string, problem: string): never => {
  throw invalid(`${place}: ${problem}`)
}
