import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

type Queue = { rejectAll: (error: Error) => void }
type QueuePrototype = { destroy: (this: Queue) => void }
type Connection = {
  bytesBuffered: number
  bytesNeeded: number
  chunks: readonly Buffer[]
  readonly host: string
  readonly port: number
  isConnected: () => boolean
}
type FindCoordinator = (this: object, group: object) => Promise<object>
type ClusterPrototype = { findGroupCoordinatorMetadata: FindCoordinator }
type ConnectionPrototype = { connect: (this: Connection) => Promise<boolean> }

/** What the patch touches; the tests hand in other parts. */
export type ReconnectParts = {
  readonly version: string
  readonly queue: QueuePrototype
  readonly connection: ConnectionPrototype
  readonly cluster: ClusterPrototype
  readonly connectionClosed: () => Error
  /** With it kafkajs asks anew which brokers there are, and tries again. */
  readonly brokerNotFound: (message: string) => Error
}

/** A response starts with its length. */
const lengthBytes = 4

const done = new WeakSet<ConnectionPrototype>()

/** What kafkajs throws where no broker tells the coordinator of a group, whatever the cause. */
const coordinatorNotFound = 'KafkaJSGroupCoordinatorNotFound'

/**
 * Two faults of kafkajs each leave a client that waits for ever after its broker went away, a third one that ends:
 * - what had come of a response stays in the buffer, and the next connection's bytes are read as the rest of it: from
 *   then on no length and no correlation id is right, and every request times out;
 * - a request that is sent while the connection closes is neither rejected nor timed, as closing stops the clock of
 *   requests;
 * - a group whose coordinator cannot be asked just then, as the broker is shutting down, is given up for good.
 * A connection now starts with an empty buffer, two who connect at once share the attempt, where the clock of requests
 * stops, those left are rejected with an error that is tried again, and so is the question for a coordinator.
 * The prototypes are changed only in the version that this was proved with.
 * @returns whether it is patched now
 */
export const patchReconnect = (
  warn: (message: string) => void,
  parts: ReconnectParts = loadKafkajs(),
): boolean => {
  const { version, queue, connection, cluster, connectionClosed, brokerNotFound } = parts
  if (done.has(connection)) return true
  if (version !== provedVersion) {
    warn(
      `kafkajs ${version}: its reconnecting is left as it is; a client may wait for ever once a broker left`,
    )
    return false
  }

  const { destroy } = queue
  queue.destroy = function (this: Queue) {
    destroy.call(this)
    this.rejectAll(connectionClosed())
  }

  const { connect } = connection
  const attempts = new WeakMap<Connection, Promise<boolean>>()
  connection.connect = function (this: Connection) {
    const underWay = attempts.get(this)
    if (underWay !== undefined) return underWay
    if (this.isConnected()) return Promise.resolve(true)
    this.chunks = []
    this.bytesBuffered = 0
    this.bytesNeeded = lengthBytes
    const attempt = connect.call(this).finally(() => attempts.delete(this))
    attempts.set(this, attempt)
    return attempt
  }

  const { findGroupCoordinatorMetadata } = cluster
  cluster.findGroupCoordinatorMetadata = async function (group) {
    try {
      return await findGroupCoordinatorMetadata.call(this, group)
    } catch (error) {
      if (error instanceof Error && error.name === coordinatorNotFound) throw brokerNotFound(error.message)
      throw error
    }
  }
  done.add(connection)
  return true
}

const loadKafkajs = (): ReconnectParts => {
  const queue = partOfKafkajs('network/requestQueue') as { readonly prototype: QueuePrototype }
  const connection = partOfKafkajs('network/connection') as { readonly prototype: ConnectionPrototype }
  const cluster = partOfKafkajs('cluster') as { readonly prototype: ClusterPrototype }
  const { KafkaJSConnectionClosedError, KafkaJSBrokerNotFound } = partOfKafkajs('errors') as {
    readonly KafkaJSConnectionClosedError: new (message: string) => Error
    readonly KafkaJSBrokerNotFound: new (message: string) => Error
  }
  return {
    version: installedVersion(),
    queue: queue.prototype,
    connection: connection.prototype,
    cluster: cluster.prototype,
    connectionClosed: () => new KafkaJSConnectionClosedError('Closed connection'),
    brokerNotFound: (message) => new KafkaJSBrokerNotFound(message),
  }
}
