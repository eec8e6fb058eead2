import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { openAccess, type KafkaAccess, type Tls } from './access.ts'
import { Kafka, logLevel, type ISocketFactory, type logCreator, type SASLOptions } from 'kafkajs'
import { patchClockSteps } from './clockSteps.kafka.ts'
import { patchCoordinators } from './coordinators.kafka.ts'
import { patchIdlePoll } from './idlePoll.kafka.ts'
import { patchInflight } from './inflight.kafka.ts'
import { patchProduceEncoding } from './produceEncoding.kafka.ts'
import { patchReconnect } from './reconnect.kafka.ts'
import { patchSilentBroker } from './silentBroker.kafka.ts'
import { patchSilentCoordinator } from './silentCoordinator.kafka.ts'
import { tlsProblem } from './tlsProblem.ts'
import { patchWholeTries } from './wholeTries.kafka.ts'

export type KafkaOptions = {
  readonly brokers: readonly string[]
  readonly clientId: string
  /** In clear and as nobody unless given. */
  readonly access?: KafkaAccess
  /** kafkajs's own log, as `createKafkaLog` of the operations makes it. */
  readonly log: logCreator
  readonly warn: (message: string) => void
  /** Opens the connections in place of `access.tls`; tests hand in one that cuts them. */
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

const openSocket = (
  { host, port, onConnect }: Parameters<ISocketFactory>[0],
  material: Tls | null,
): Socket => {
  if (material === null) return connectPlain({ host, port }, onConnect)
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket = connectTls({ host, port, ...name, ...material, minVersion: 'TLSv1.2' }, onConnect)
  // Before kafkajs hears of it: it tells the message and nothing else.
  socket.on('error', (error: NodeJS.ErrnoException) => {
    const problem = tlsProblem(error.code)
    if (problem !== null) error.message = `TLS with ${host}:${port}: ${problem} (${error.message})`
  })
  return socket
}

/**
 * Sockets without Nagle's algorithm: it would hold a small request back until the one before it is acknowledged.
 * Certificates are verified, and must be for the host.
 */
export const createSockets =
  (tls: KafkaAccess['tls']): ISocketFactory =>
  (asked): Socket => {
    const socket = openSocket(asked, tls === null ? null : tls())
    socket.setNoDelay(true)
    socket.setKeepAlive(true, keepAliveMs)
    return socket
  }

/** In clear. */
export const createSocket = createSockets(null)

const saslOf = ({ sasl }: KafkaAccess): { readonly sasl?: SASLOptions } =>
  sasl === null
    ? {}
    : { sasl: { mechanism: sasl.mechanism, username: sasl.user, password: sasl.password().toString() } }

/** The one way to make a Kafka client here: explicit retries and time-outs, no delay, no idle poll, our encoding. */
export const createKafka = ({
  brokers,
  clientId,
  access = openAccess,
  log,
  warn,
  socketFactory = createSockets(access.tls),
  retries = retryOptions.retries,
}: KafkaOptions): Kafka => {
  patchClockSteps(warn)
  patchCoordinators(warn)
  patchIdlePoll(warn)
  patchInflight(warn)
  patchProduceEncoding(warn)
  patchReconnect(warn)
  patchSilentBroker(warn)
  patchSilentCoordinator(warn)
  patchWholeTries(warn)
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: connectionTimeoutMs,
    authenticationTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry: { ...retryOptions, retries },
    ssl: access.tls !== null,
    ...saslOf(access),
    socketFactory,
    logLevel: logLevel.INFO,
    logCreator: log,
  })
}
