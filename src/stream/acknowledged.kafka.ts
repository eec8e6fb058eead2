import kafkajs from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { inTime } from './inTime.ts'

// Node finds only some of the names that this CommonJS package exports.
const { KafkaJSProtocolError } = kafkajs

/** Beyond the time-out of one request: what is only slow is not given up, what hangs holds its partitions no longer. */
const defaultTimeoutMs = 20_000

/**
 * A send that failed or never settled may or may not be in Kafka: what it was made of is to come again. kafkajs can fail
 * a send for good because a connection broke ("Broker not connected", a TypeError): only what the broker itself refuses
 * is never tried again.
 * @param what was sent, in words
 * @throws SluiceError KAFKA_UNAVAILABLE
 */
export const acknowledged = async <T>(
  send: Promise<T>,
  what: string,
  timeoutMs = defaultTimeoutMs,
): Promise<T> => {
  try {
    return await inTime(send, timeoutMs, 'no answer')
  } catch (cause) {
    throw new SluiceError('KAFKA_UNAVAILABLE', `${what} were not acknowledged and come again`, {
      cause,
      retriable: !isRefusal(cause),
    })
  }
}

const isRefusal = (error: unknown): boolean => error instanceof KafkaJSProtocolError && !error.retriable
