import { SluiceError } from '../errors.ts'

/** Refuses a policy, naming the place that is wrong. */
export const refuse = (place: string, problem: string): never => {
  throw new SluiceError('POLICY_INVALID', `${place}: ${problem}`)
}
