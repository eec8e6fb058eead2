import { SluiceError } from '../../errors.ts'

/** @throws SluiceError MODEL_INVALID, always */
export const refuse = (origin: string, what: string): never => {
  throw new SluiceError('MODEL_INVALID', `${origin}: ${what}`)
}
