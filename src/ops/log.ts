import { loggedError } from './loggedError.ts'
import { pino, type DestinationStream, type Logger } from 'pino'

/** What is handed to whoever logs: only this folder knows the library. */
export type Log = Logger

export type LogOptions = {
  readonly level: string
  readonly instance: string
  readonly version: string
}

/** Keys whose values are never logged, at the top of a record or one level below it. */
const secretNames = [
  'hashKey',
  'feedbackKey',
  'feedbackPreviousKey',
  'sharingKey',
  'httpToken',
  'kafkaPassword',
  'redisPassword',
  'redisUrl',
  'password',
  'authorization',
  'feedbackMac',
  'pan',
]

/**
 * One JSON object a line: `time` in ISO 8601, `level` as a word, service, instance and version in each.
 * @param destination standard output unless a test wants the lines
 */
export const createLog = (options: LogOptions, destination?: DestinationStream): Logger =>
  pino(
    {
      level: options.level,
      base: { service: 'sluice', instance: options.instance, version: options.version },
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'message',
      errorKey: 'error',
      serializers: { error: loggedError },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    },
    destination ?? pino.destination({ dest: 1, sync: true }),
  )
