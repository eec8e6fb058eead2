import type { Logger } from 'pino'

/** One entry of kafkajs's log; its types are not imported here, they belong to the stream. */
export type KafkaLogEntry = {
  readonly namespace: string
  readonly level: number
  readonly log: { readonly message: string; readonly [field: string]: unknown }
}

type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void

/** kafkajs's levels: 0 nothing, 1 error, 2 warning, 4 information, 5 debugging. */
const lineOf = (log: Logger, level: number): LogLine => {
  if (level <= 1) return (fields, message) => log.error(fields, message)
  if (level === 2) return (fields, message) => log.warn(fields, message)
  if (level === 4) return (fields, message) => log.info(fields, message)
  return (fields, message) => log.debug(fields, message)
}

/** Our own log has a time, and the namespace says more than kafkajs's name for itself. */
const dropped: ReadonlySet<string> = new Set(['message', 'timestamp', 'logger'])

/** A `logCreator` for kafkajs that writes to our log, with the part of kafkajs that speaks as `kafkajs`. */
export const createKafkaLog =
  (log: Logger): (() => (entry: KafkaLogEntry) => void) =>
  () =>
  ({ namespace, level, log: content }) => {
    const fields = Object.entries(content).filter(([key]) => !dropped.has(key))
    lineOf(log, level)({ ...Object.fromEntries(fields), kafkajs: namespace }, content.message)
  }
