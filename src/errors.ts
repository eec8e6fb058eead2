/** Every way in which Sluice itself reports a failure. Codes are stable: alerts and tests match on them. */
export type ErrorCode =
  | 'CONFIG_INVALID'
  | 'USAGE'
  | 'FILE_INVALID'
  | 'FEATURE_UNKNOWN'
  | 'HISTORY_FORMAT_UNKNOWN'
  | 'SCHEMA_INVALID'
  | 'MODEL_INVALID'
  | 'MODEL_UNVERIFIED'
  | 'MODEL_UNSIGNED'
  | 'MODEL_UNSAFE'
  | 'KEY_INVALID'
  | 'BACKEND_UNAVAILABLE'
  | 'POLICY_INVALID'
  | 'POLICY_UNAPPROVED'
  | 'REDIS_UNAVAILABLE'
  | 'KAFKA_UNAVAILABLE'
  | 'TOPIC_MISMATCH'
  | 'REBUILD_UNDER_WAY'
  | 'TAXII_FAILED'
  | 'CASES_BROKEN'
  | 'CASE_REFUSED'
  | 'STOPPED'

/**
 * The one error class of the project.
 * `retriable` says whether doing the same again later can help: the consumer redelivers a batch only then.
 */
export class SluiceError extends Error {
  readonly code: ErrorCode
  readonly retriable: boolean
  /** Each thing that is wrong, where they were looked for together; else the message alone. */
  readonly problems: readonly string[]

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      readonly retriable?: boolean
      readonly cause?: unknown
      readonly problems?: readonly string[]
    } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined)
    this.name = 'SluiceError'
    this.code = code
    this.retriable = options.retriable ?? false
    this.problems = options.problems ?? [message]
  }
}
