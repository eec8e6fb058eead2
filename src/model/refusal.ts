import type { Refusal } from '../domain/bundleSwap.ts'
import { SluiceError, type ErrorCode } from '../errors.ts'

const refusals: Readonly<Partial<Record<ErrorCode, Refusal>>> = {
  MODEL_INVALID: 'model_invalid',
  MODEL_UNVERIFIED: 'model_unverified',
  MODEL_UNSIGNED: 'model_unsigned',
  MODEL_UNSAFE: 'model_unsafe',
  BACKEND_UNAVAILABLE: 'backend_unavailable',
  POLICY_INVALID: 'policy_invalid',
  POLICY_UNAPPROVED: 'policy_unapproved',
  FEATURE_UNKNOWN: 'feature_unknown',
}

/** The class of what went wrong with a bundle. */
export const refusalOf = (error: unknown): Refusal =>
  (error instanceof SluiceError ? refusals[error.code] : undefined) ?? 'failed'

/** The message of an error, and of what caused it. */
export const messageOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}
