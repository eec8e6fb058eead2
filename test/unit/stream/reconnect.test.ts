import { createRequire } from 'node:module'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSocket } from '../../../src/stream/client.kafka.ts'
import { patchReconnect, type ReconnectParts } from '../../../src/stream/reconnect.kafka.ts'

const refuse = (message: string): never => {
  throw new Error(message)
}

type RealConnection = {
  readonly requestQueue: { push: (request: object) => void }
  connect: () => Promise<boolean>
  disconnect: () => Promise<boolean>
  send: (call: object) => Promise<string>
}

const require = createRequire(import.meta.url)
const Connection = require('kafkajs/src/network/connection') as new (options: object) => RealConnection
const Encoder = require('kafkajs/src/protocol/encoder') as new () => object

const createRetry = require('kafkajs/src/retry') as (options: object) => unknown

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
const logger = { namespace: () => silent }
const requestTimeoutMs = 1_000

/** A call whose answer is a text. */
const call = {
  request: { apiKey: 18, apiVersion: 0, apiName: 'ApiVersions', encode: async () => new Encoder() },
  response: {
    decode: async (payload: Buffer) => ({ text: payload.toString() }),
    parse: async ({ text }: { text: string }) => text,
  },
}

/** The answer to the request in these bytes: its length, the request's correlation id, a text. */
const answerTo = (request: Buffer, text: string): Buffer => {
  const correlationAt = 8
  const answer = Buffer.alloc(8 + text.length)
  answer.writeInt32BE(4 + text.length, 0)
  request.copy(answer, 4, correlationAt, correlationAt + 4)
  answer.write(text, 8)
  return answer
}

describe('patchReconnect', () => {
  let server: Server
  let sockets: Socket[]
  let connection: RealConnection
  let answer: (socket: Socket, request: Buffer) => void

  beforeEach(async () => {
    sockets = []
    server = createServer((socket) => {
      sockets.push(socket)
      socket.on('data', (request) => answer(socket, request))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    connection = new Connection({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      logger,
      socketFactory: createSocket,
      requestTimeout: requestTimeoutMs,
      connectionTimeout: requestTimeoutMs,
      enforceRequestTimeout: true,
    })
    expect(patchReconnect(refuse)).toBe(true)
  })
  afterEach(async () => {
    await connection.disconnect()
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  })

  it('reads the answers of a new connection though the old one ended within an answer', async () => {
    answer = (socket, request) => socket.end(answerTo(request, 'an answer that is cut').subarray(0, 12))
    await connection.connect()
    await expect(connection.send(call)).rejects.toThrow('Closed connection')

    answer = (socket, request) => socket.write(answerTo(request, 'whole'))
    await connection.connect()
    expect(await connection.send(call)).toBe('whole')
  })

  it('rejects a request that comes while the connection closes', async () => {
    await connection.connect()
    const closing = connection.disconnect()
    const sent = new Promise((resolve, reject) => {
      connection.requestQueue.push({
        entry: { apiKey: 18, apiName: 'ApiVersions', apiVersion: 0, correlationId: 7, resolve, reject },
        expectResponse: true,
        requestTimeout: null,
        sendRequest: () => undefined,
      })
    })
    await expect(sent).rejects.toThrow('Closed connection')
    await closing
  })

  it('opens one socket for two who connect at once', async () => {
    answer = (socket, request) => socket.write(answerTo(request, 'whole'))
    await Promise.all([connection.connect(), connection.connect()])
    expect(await connection.send(call)).toBe('whole')
    expect(sockets).toHaveLength(1)
  })

  it('tries again after an attempt that failed', async () => {
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    await expect(connection.connect()).rejects.toThrow('ECONNREFUSED')

    answer = (socket, request) => socket.write(answerTo(request, 'whole'))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    await connection.connect()
    expect(await connection.send(call)).toBe('whole')
  })

  it('asks again for the coordinator of a group that no broker tells', async () => {
    const Cluster = require('kafkajs/src/cluster') as new (options: object) => {
      findGroupCoordinator: (group: { readonly groupId: string }) => Promise<unknown>
    }
    let asked = 0
    let refreshed = 0
    const cluster = Object.assign(Object.create(Cluster.prototype) as InstanceType<typeof Cluster>, {
      logger: silent,
      retrier: createRetry({ initialRetryTime: 1, retries: 3 }),
      brokerPool: { withBroker: async () => (++asked === 1 ? null : { coordinator: { nodeId: 1 } }) },
      refreshMetadata: async () => void refreshed++,
      findBroker: async ({ nodeId }: { nodeId: number }) => `broker ${nodeId}`,
    })
    expect(await cluster.findGroupCoordinator({ groupId: 'g' })).toBe('broker 1')
    expect({ asked, refreshed }).toEqual({ asked: 2, refreshed: 1 })
  })

  it('leaves another version alone, with a warning', () => {
    const warnings: string[] = []
    const destroy = (): void => undefined
    const parts: ReconnectParts = {
      version: '2.3.0',
      queue: { destroy },
      connection: { connect: async () => true },
      cluster: { findGroupCoordinatorMetadata: async () => ({}) },
      connectionClosed: () => new Error('closed'),
      brokerNotFound: (message) => new Error(message),
    }
    expect(patchReconnect((message) => warnings.push(message), parts)).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    expect(parts.queue.destroy).toBe(destroy)
  })
})
