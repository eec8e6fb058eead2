/** An error as the log shows it. */
export type LoggedError = Readonly<Record<string, unknown>>

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value)

/** Causes behind causes, at most so many. */
const depth = 5

const fieldsOf = (error: Error, left: number): LoggedError => ({
  ...Object.fromEntries(Object.entries(error).filter(([, value]) => isPlain(value))),
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...(error.cause instanceof Error && left > 0 ? { cause: fieldsOf(error.cause, left - 1) } : {}),
})

/**
 * What an error says, without the objects that libraries hang on it: ioredis shows the command that failed, and the
 * arguments of AUTH are a password.
 */
export const loggedError = (error: unknown): unknown =>
  error instanceof Error ? fieldsOf(error, depth) : error
