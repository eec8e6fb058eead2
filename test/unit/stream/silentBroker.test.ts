import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createKafka, createSocket } from '../../../src/stream/client.kafka.ts'
import { patchSilentBroker, type SilentBrokerParts } from '../../../src/stream/silentBroker.kafka.ts'
import { startSilentBroker, type SilentBroker } from '../../support/silentBroker.ts'
import { untilTrue } from '../../support/until.ts'

const refuse = (message: string): never => {
  throw new Error(message)
}

type RealBroker = {
  readonly isConnected: () => boolean
  readonly connect: () => Promise<void>
  readonly disconnect: () => Promise<void>
} & Readonly<
  Record<
    | 'initProducerId'
    | 'endTxn'
    | 'offsetFetch'
    | 'listOffsets'
    | 'fetch'
    | 'findGroupCoordinator'
    | 'metadata'
    | 'heartbeat',
    (request: unknown) => Promise<unknown>
  >
>

const require = createRequire(import.meta.url)
const Broker = require('kafkajs/src/broker') as new (options: object) => RealBroker
const ConnectionPool = require('kafkajs/src/network/connectionPool') as new (options: object) => object

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
const logger = { namespace: () => silent }
const timeoutMs = 300

const brokerAt = (port: number, maxInFlightRequests: number | null): RealBroker => {
  const connectionPool = new ConnectionPool({
    host: '127.0.0.1',
    port,
    logger,
    socketFactory: createSocket,
    connectionTimeout: timeoutMs,
    requestTimeout: timeoutMs,
    enforceRequestTimeout: true,
    maxInFlightRequests,
  })
  return new Broker({ connectionPool, logger, authenticationTimeout: timeoutMs })
}

const txn = { transactionalId: 'slot', producerId: '1', producerEpoch: 0 }
const partitions = [{ partition: 0, timestamp: -1, fetchOffset: 0, maxBytes: 1 }]
const topics = [{ topic: 'payments', partitions }]
const requests = [
  { name: 'initProducerId', request: { transactionalId: 'slot', transactionTimeout: 10_000 } },
  { name: 'endTxn', request: { ...txn, transactionResult: false } },
  { name: 'offsetFetch', request: { groupId: 'group', topics } },
  { name: 'listOffsets', request: { replicaId: -1, topics } },
  { name: 'fetch', request: { replicaId: -1, maxWaitTime: 10, topics } },
  { name: 'findGroupCoordinator', request: { groupId: 'group', coordinatorType: 0 } },
  { name: 'metadata', request: ['payments'] },
] as const

describe('a broker that stops to answer', () => {
  let server: SilentBroker
  beforeEach(async () => {
    server = await startSilentBroker()
    // All that is patched, as in the product.
    createKafka({ brokers: ['127.0.0.1:1'], clientId: 'silent', log: () => () => undefined, warn: refuse })
  })
  afterEach(() => server.close())

  // One at a time, as the producers of transactions: the second waits for its turn, and has no time-out until then.
  it.each([
    ...requests.map((each) => ({ ...each, atATime: null })),
    ...requests.map((each) => ({ ...each, atATime: 1 })),
  ])(
    '$name is rejected once it has timed out, and so is what waits behind it',
    async ({ name, request, atATime }) => {
      const broker = brokerAt(server.port, atATime)
      await broker.connect()
      const outcomes = await Promise.allSettled([broker[name](request), broker[name](request)])
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
      expect(outcomes[0]).toMatchObject({ reason: { name: 'KafkaJSRequestTimeoutError' } })
      expect(broker.isConnected()).toBe(false)
      await broker.disconnect()
      await untilTrue(() => server.connections() === 0)
    },
  )

  it('counts as not connected when it takes a connection and says nothing', async () => {
    server.hang()
    const broker = brokerAt(server.port, null)
    for (let i = 0; i < 2; i++)
      await expect(broker.connect()).rejects.toMatchObject({
        name: 'KafkaJSConnectionError',
        message: expect.stringContaining('takes connections and does not answer') as string,
      })
    expect(broker.isConnected()).toBe(false)
    await untilTrue(() => server.connections() === 0)
  })

  const heartbeat = { groupId: 'group', memberId: 'member', groupGenerationId: 1 }

  it('is not asked again by who holds on to it, until it has answered', async () => {
    const broker = brokerAt(server.port, null)
    await broker.connect()
    await expect(broker.heartbeat(heartbeat)).rejects.toMatchObject({ name: 'KafkaJSRequestTimeoutError' })
    const asked = server.asked.length
    await expect(broker.heartbeat(heartbeat)).rejects.toThrow('nothing was heard since')
    expect(server.asked).toHaveLength(asked)
    await untilTrue(() => server.connections() === 0)
    await broker.connect()
    await expect(broker.heartbeat(heartbeat)).rejects.toMatchObject({ name: 'KafkaJSRequestTimeoutError' })
    await broker.disconnect()
  })

  it('is broken off also where the connection was made for the request that timed out', async () => {
    const broker = brokerAt(server.port, null)
    await broker.connect()
    await broker.disconnect()
    await untilTrue(() => server.connections() === 0)
    await expect(broker.heartbeat(heartbeat)).rejects.toMatchObject({ name: 'KafkaJSRequestTimeoutError' })
    expect(broker.isConnected()).toBe(false)
    await untilTrue(() => server.connections() === 0)
  })

  it('is asked once by those who connect at once', async () => {
    const broker = brokerAt(server.port, null)
    await Promise.all(Array.from({ length: 50 }, () => broker.connect()))
    // Its versions, and whether it answers.
    expect(server.asked).toHaveLength(2)
    await broker.disconnect()
  })

  it('counts so too where it was connected before', async () => {
    const broker = brokerAt(server.port, null)
    await broker.connect()
    await broker.disconnect()
    server.hang()
    await expect(broker.connect()).rejects.toThrow('takes connections and does not answer')
    expect(broker.isConnected()).toBe(false)
  })
})

describe('patchSilentBroker', () => {
  it('leaves another version alone, with a warning', () => {
    const warnings: string[] = []
    const send = async (): Promise<unknown> => undefined
    const parts: SilentBrokerParts = {
      version: '2.3.0',
      pool: { send, getConnectionByRequest: () => Promise.reject(new Error('nothing is sent here')) },
      broker: { connect: async () => undefined, apiVersions: async () => ({}) },
      connectionClosed: (message) => new Error(message),
      notConnected: (message) => new Error(message),
    }
    expect(patchSilentBroker((message) => warnings.push(message), parts)).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
    expect(parts.pool.send).toBe(send)
  })
})
