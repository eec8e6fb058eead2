/** Whether kafkajs says of its error that asking again may help: as where a topic is new or a leader moved. */
export const isRetriable = (error: unknown): error is Error =>
  error instanceof Error && 'retriable' in error && error.retriable === true
