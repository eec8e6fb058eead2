import type { Socket } from 'node:net'
import { inTime } from './inTime.ts'
import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

type Connection = {
  readonly host: string
  readonly port: number
  readonly socket?: Socket
  readonly isConnected: () => boolean
  readonly rejectRequests: (error: Error) => void
  readonly disconnect: () => Promise<boolean>
}
type Pool = {
  readonly host: string
  readonly port: number
  readonly connectionTimeout: number
  readonly pool: readonly Connection[]
}
type PoolPrototype = {
  getConnectionByRequest: (this: Pool, call: object) => Promise<Connection>
  send: (this: Pool, call: object) => Promise<unknown>
}
type Broker = {
  readonly brokerAddress: string
  readonly connectionPool: Pool
  readonly isConnected: () => boolean
  readonly apiVersions: () => Promise<object>
}
type BrokerPrototype = {
  connect: (this: Broker) => Promise<void>
  apiVersions: (this: Broker) => Promise<object>
}

/** What the patch touches; the tests hand in other parts. */
export type SilentBrokerParts = {
  readonly version: string
  /** The connections to one broker. */
  readonly pool: PoolPrototype
  readonly broker: BrokerPrototype
  readonly connectionClosed: (message: string, at: { readonly host: string; readonly port: number }) => Error
  /** With it kafkajs goes on with another broker. */
  readonly notConnected: (message: string, at: { readonly broker: string }) => Error
}

const done = new WeakSet<PoolPrototype>()

/** What kafkajs rejects a request with that was not answered in time. */
const timedOut = 'KafkaJSRequestTimeoutError'

/** kafkajs tries again, after it has asked who leads and coordinates. */
const triedAgain = { code: 'ECONNREFUSED' }

/** For all who wait on it, and for good: whatever is still answered there is of no use to anybody. */
const breakOff = async (connection: Connection, error: Error): Promise<void> => {
  const { socket } = connection
  connection.rejectRequests(error)
  await connection.disconnect()
  socket?.destroy()
}

/**
 * A broker that hangs (stopped, swapped out, behind a line that swallows everything) keeps its connections, and its
 * machine takes new ones in its name. To kafkajs it is connected: it keeps asking it for metadata and coordinators, each
 * time until the request times out, and a new client that happens to begin with it is stuck with it for good.
 * Here connections to a broker that let a request time out are broken off, and one counts as made only when the broker has
 * answered on it, within the time-out of connecting: what hangs is not connected, and another broker is asked. Whoever
 * holds on to a broker is told at once until it has answered; those who connect at once share the attempt.
 * The prototypes are changed only in the version that this was proved with.
 * @returns whether it is patched now
 */
export const patchSilentBroker = (
  warn: (message: string) => void,
  parts: SilentBrokerParts = loadKafkajs(),
): boolean => {
  const { version, pool, broker, connectionClosed, notConnected } = parts
  if (done.has(pool)) return true
  if (version !== provedVersion) {
    warn(`kafkajs ${version}: it keeps asking a broker that hangs; expect long waits while one does`)
    return false
  }

  const { send, getConnectionByRequest } = pool
  /** A request to them timed out, and they have not answered since. */
  const unheard = new WeakSet<Pool>()
  /** Of each request, the sockets that there were when it was sent. */
  const socketsOf = new WeakMap<object, readonly (Socket | undefined)[]>()
  pool.getConnectionByRequest = async function (call) {
    const connection = await getConnectionByRequest.call(this, call)
    socketsOf.set(
      call,
      this.pool.map(({ socket }) => socket),
    )
    return connection
  }
  pool.send = async function (call) {
    // Who has held on to the broker since would connect to what hangs, and wait there once more.
    if (unheard.has(this) && !this.pool.some((each) => each.isConnected()))
      throw notConnected('A request timed out, and nothing was heard since', {
        broker: `${this.host}:${this.port}`,
      })
    try {
      return await send.call(this, call)
    } catch (error) {
      if (error instanceof Error && error.name === timedOut) {
        unheard.add(this)
        // Not those that were made since.
        const sockets = socketsOf.get(call) ?? []
        const asked = this.pool.filter((each, i) => each.isConnected() && each.socket === sockets[i])
        await Promise.all(asked.map((each) => breakOff(each, connectionClosed('A request timed out', each))))
      }
      throw error
    }
  }

  const { apiVersions, connect } = broker
  broker.apiVersions = async function () {
    const { connectionTimeout, pool: connections } = this.connectionPool
    try {
      const versions = await inTime(apiVersions.call(this), connectionTimeout, 'no answer')
      unheard.delete(this.connectionPool)
      return versions
    } catch (cause) {
      const silent = Object.assign(
        notConnected(`${this.brokerAddress} takes connections and does not answer`, {
          broker: this.brokerAddress,
        }),
        { cause, ...triedAgain },
      )
      await Promise.all(connections.map((each) => breakOff(each, silent)))
      throw silent
    }
  }
  const attempts = new WeakMap<Broker, Promise<void>>()
  const connectAndAsk = async (each: Broker): Promise<void> => {
    await connect.call(each)
    await each.apiVersions()
  }
  broker.connect = function () {
    const underWay = attempts.get(this)
    if (underWay !== undefined) return underWay
    if (this.isConnected()) return Promise.resolve()
    const attempt = connectAndAsk(this).finally(() => attempts.delete(this))
    attempts.set(this, attempt)
    return attempt
  }

  done.add(pool)
  return true
}

const loadKafkajs = (): SilentBrokerParts => {
  const { KafkaJSConnectionClosedError, KafkaJSConnectionError } = partOfKafkajs('errors') as {
    readonly KafkaJSConnectionClosedError: new (message: string, at: object) => Error
    readonly KafkaJSConnectionError: new (message: string, at: object) => Error
  }
  return {
    version: installedVersion(),
    pool: (partOfKafkajs('network/connectionPool') as { readonly prototype: PoolPrototype }).prototype,
    broker: (partOfKafkajs('broker') as { readonly prototype: BrokerPrototype }).prototype,
    connectionClosed: (message, at) => new KafkaJSConnectionClosedError(message, at),
    notConnected: (message, at) => new KafkaJSConnectionError(message, at),
  }
}
