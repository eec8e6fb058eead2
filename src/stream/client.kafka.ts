import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Kafka, logLevel, type ISocketFactory, type logCreator } from 'kafkajs'
import { patchClockSteps } from './clockSteps.kafka.ts'
import { patchIdlePoll } from './idlePoll.kafka.ts'
import { patchInflight } from './inflight.kafka.ts'
import { patchProduceEncoding } from './produceEncoding.kafka.ts'
import { patchReconnect } from './reconnect.kafka.ts'

export type KafkaOptions = {
  readonly brokers: readonly string[]
  readonly clientId: string
  /** kafkajs's own log, as `createKafkaLog` of the operations makes it. */
  readonly log: logCreator
  readonly warn: (message: string) => void
  /** Opens the connections; tests hand in one that cuts them. */
  readonly socketFactory?: ISocketFactory
  /** How often a call is tried again; connecting takes this number too, whatever a client of it says. */
  readonly retries?: number
}

/** Stated in full, as kafkajs's defaults are others when NODE_ENV is "test". */
export const retryOptions = {
  initialRetryTime: 100,
  multiplier: 2,
  factor: 0.2,
  maxRetryTime: 5_000,
  retries: 8,
} as const

/**
 * After this the partitions of a topic are asked for again: new ones of `payments` wait no longer than this for a
 * reader, and new ones of `decisions` for a writer. kafkajs's default is five minutes.
 */
export const metadataMaxAgeMs = 10_000

const connectionTimeoutMs = 3_000
/** Longer than any wait at the broker that we ask for; joining a group has a longer one of its own. */
const requestTimeoutMs = 15_000
const keepAliveMs = 60_000

/** Sockets without Nagle's algorithm: it would hold a small request back until the one before it is acknowledged. */
export const createSocket: ISocketFactory = ({ host, port, ssl, onConnect }): Socket => {
  // kafkajs's types say that `ssl` is always there; without TLS it is undefined.
  const tls: typeof ssl | undefined = ssl
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket = tls
    ? connectTls({ host, port, ...name, ...tls }, onConnect)
    : connectPlain({ host, port }, onConnect)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, keepAliveMs)
  return socket
}

/** The one way to make a Kafka client here: explicit retries and time-outs, no delay, no idle poll, our encoding. */
export const createKafka = ({
  brokers,
  clientId,
  log,
  warn,
  socketFactory = createSocket,
  retries = retryOptions.retries,
}: KafkaOptions): Kafka => {
  patchClockSteps(warn)
  patchIdlePoll(warn)
  patchInflight(warn)
  patchProduceEncoding(warn)
  patchReconnect(warn)
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: { ...retryOptions, retries },
    socketFactory,
    logLevel: logLevel.INFO,
    logCreator: log,
  })
}
