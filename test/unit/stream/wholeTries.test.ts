import kafkajs, { type RecordMetadata } from 'kafkajs'
import { beforeEach, describe, expect, it } from 'vitest'
import { partOfKafkajs } from '../../../src/stream/installedKafkajs.kafka.ts'
import { patchWholeTries } from '../../../src/stream/wholeTries.kafka.ts'

type Sent = { readonly topic: string; readonly partitions: readonly { readonly partition: number }[] }
type Asked = { readonly transactionalId?: string; readonly topicData: readonly Sent[] }
type EosManager = { readonly initProducerId: () => Promise<void>; readonly beginTransaction: () => void }
type SendMessages = (batch: object) => Promise<RecordMetadata[]>

/** Of kafkajs: what sends, and what numbers what is sent. */
const createSendMessages = partOfKafkajs('producer/sendMessages') as (deps: object) => SendMessages
const createEosManager = partOfKafkajs('producer/eosManager') as (deps: object) => EosManager
const createRetry = partOfKafkajs('retry') as (options: object) => unknown

const refuse = (message: string): never => {
  throw new Error(message)
}
const refused = (type: string) =>
  new kafkajs.KafkaJSProtocolError(Object.assign(new Error(type), { type, code: 1, retriable: true }))
const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve))
}

/** A next try begins within 2 ms: one that must not begin would have by now. */
const pastNextTry = async (): Promise<void> => {
  await turns()
  await new Promise((resolve) => setTimeout(resolve, 20))
}

/** Three brokers: who coordinates, and leaders of partition 0 and 1. Each test says how they answer. */
const setUp = () => {
  const told: string[] = []
  const answers = {
    produce: (node: number): Promise<void> => Promise.resolve(void node),
    add: (partitions: readonly number[]): Promise<void> => Promise.resolve(void partitions),
    find: (): Promise<void> => Promise.resolve(),
  }
  class FakeBroker {
    readonly nodeId: number
    constructor(nodeId: number) {
      this.nodeId = nodeId
    }
    async produce({ topicData }: Asked) {
      const partitions = topicData.flatMap((each) => each.partitions.map(({ partition }) => partition))
      told.push(`produce ${partitions.join()}`)
      await answers.produce(this.nodeId)
      return {
        topics: topicData.map(({ topic }) => ({
          topicName: topic,
          partitions: partitions.map((partition) => ({ partition })),
        })),
      }
    }
    async addPartitionsToTxn({ topics }: { topics: readonly { partitions: readonly number[] }[] }) {
      const partitions = topics.flatMap((each) => each.partitions)
      told.push(`add ${partitions.join()}`)
      await answers.add(partitions)
    }
    initProducerId() {
      return Promise.resolve({ producerId: 7, producerEpoch: 0 })
    }
  }
  const brokers = [new FakeBroker(0), new FakeBroker(1), new FakeBroker(2)]
  class FakeCluster {
    readonly retry = {}
    async findGroupCoordinator() {
      await answers.find()
      return brokers[2]
    }
    readonly refreshMetadataIfNecessary = () => Promise.resolve()
    readonly refreshMetadata = () => Promise.resolve()
    readonly addMultipleTargetTopics = () => Promise.resolve()
    readonly isConnected = () => true
    readonly removeBroker = () => undefined
    readonly findTopicPartitionMetadata = () => [{ partitionId: 0 }, { partitionId: 1 }]
    readonly findLeaderForPartitions = (_: string, partitions: readonly string[]) =>
      Object.fromEntries(partitions.map((partition) => [partition, [Number(partition)]]))
    readonly findBroker = ({ nodeId }: { nodeId: string }) => Promise.resolve(brokers[Number(nodeId)])
  }
  return { told, answers, FakeBroker, cluster: new FakeCluster(), FakeCluster }
}

type SetUp = ReturnType<typeof setUp>

const patch = ({ FakeBroker, FakeCluster }: SetUp): boolean =>
  patchWholeTries(refuse, {
    version: '2.2.4',
    broker: FakeBroker.prototype as never,
    cluster: FakeCluster.prototype as never,
  })

/** A transaction that has begun, as kafkajs sends in it. @returns a send to both brokers */
const begin = async ({ cluster }: SetUp): Promise<() => Promise<RecordMetadata[]>> => {
  const silent = () => undefined
  const logger = { debug: silent, info: silent, warn: silent, error: silent }
  const eosManager = createEosManager({
    logger,
    cluster,
    transactional: true,
    transactionalId: 'slot',
    transactionTimeout: 1_000,
  })
  await eosManager.initProducerId()
  eosManager.beginTransaction()
  const send = createSendMessages({
    logger,
    cluster,
    eosManager,
    partitioner: ({ message }: { message: { partition: number } }) => message.partition,
    retrier: createRetry({ initialRetryTime: 1, maxRetryTime: 2, retries: 3 }),
  })
  const messages = [0, 1].map((partition) => ({ partition, value: `for ${partition}` }))
  return () => send({ acks: -1, topicMessages: [{ topic: 'decisions', messages }] })
}

const countOf = (told: readonly string[], what: string): number => told.filter((each) => each === what).length

describe('a send of a transaction to two brokers, of which one fails first', () => {
  let world: SetUp
  beforeEach(() => {
    world = setUp()
  })

  /** The first broker refuses once, the second answers when the test lets it. */
  const failing = async (patched: boolean) => {
    const { answers, told } = world
    if (patched) expect(patch(world)).toBe(true)
    let answer: () => void = () => undefined
    const slow = new Promise<void>((resolve) => (answer = resolve))
    let failures = 1
    answers.produce = (node) => {
      if (node === 1) return slow
      return failures-- > 0 ? Promise.reject(refused('NOT_LEADER_FOR_PARTITION')) : Promise.resolve()
    }
    const send = await begin(world)
    const sent = send()
    await pastNextTry()
    return { told, answer, sent }
  }

  it('is sent to the other once, when this has answered', async () => {
    const { told, answer, sent } = await failing(true)
    expect(countOf(told, 'produce 0')).toBe(1)
    answer()
    await sent
    expect(countOf(told, 'produce 0')).toBe(2)
    expect(countOf(told, 'produce 1')).toBe(1)
  })

  it('is sent twice to the other by kafkajs alone', async () => {
    const { told, answer, sent } = await failing(false)
    expect(countOf(told, 'produce 0')).toBe(2)
    answer()
    await sent
    expect(countOf(told, 'produce 1')).toBe(2)
  })

  it.each(['find', 'add'] as const)(
    'is so also where the other has not come further than to %s',
    async (stage) => {
      const { answers, told } = world
      patch(world)
      const send = await begin(world)
      let goOn: () => void = () => undefined
      const held = new Promise<void>((resolve) => (goOn = resolve))
      let asked = 0
      answers.find = () => (stage === 'find' && ++asked === 2 ? held : Promise.resolve())
      answers.add = ([partition]) => (stage === 'add' && partition === 1 ? held : Promise.resolve())
      let failures = 1
      answers.produce = (node) =>
        node === 0 && failures-- > 0 ? Promise.reject(refused('NOT_LEADER_FOR_PARTITION')) : Promise.resolve()
      const sent = send()
      await pastNextTry()
      expect(told.filter((each) => each.startsWith('produce'))).toEqual(['produce 0'])
      goOn()
      await sent
      expect([countOf(told, 'produce 0'), countOf(told, 'produce 1')]).toEqual([2, 1])
    },
  )

  it('is so also where the other has just ended one request and not yet begun the next', async () => {
    const { answers, told } = world
    patch(world)
    for (let later = 0; later < 12; later++) {
      told.length = 0
      let goOn: () => void = () => undefined
      const held = new Promise<void>((resolve) => (goOn = resolve))
      let [asked, failures] = [0, 1]
      const send = await begin(world)
      answers.find = () => (++asked === 2 ? held : Promise.resolve())
      answers.produce = async (node) => {
        if (node === 1) return new Promise((resolve) => setTimeout(resolve, 10))
        if (failures-- <= 0) return
        await held
        for (let i = 0; i < later; i++) await Promise.resolve()
        throw refused('NOT_LEADER_FOR_PARTITION')
      }
      const sent = send()
      await turns()
      goOn()
      await sent
      expect([countOf(told, 'produce 0'), countOf(told, 'produce 1')], `${later} later`).toEqual([2, 1])
      answers.find = () => Promise.resolve()
    }
  })

  it('adds partitions one request after the other, and again where the transaction before is not completed', async () => {
    const { answers, told } = world
    patch(world)
    let [adding, most, refusals] = [0, 0, 2]
    answers.add = async () => {
      most = Math.max(most, ++adding)
      await turns()
      adding--
      if (refusals-- > 0) throw refused('CONCURRENT_TRANSACTIONS')
    }
    const send = await begin(world)
    expect(await send()).toHaveLength(2)
    expect(most).toBe(1)
    expect([countOf(told, 'produce 0'), countOf(told, 'produce 1')]).toEqual([1, 1])
    expect(told.filter((each) => each.startsWith('add'))).toHaveLength(4)
  })

  it('fails when all have answered, where all tries failed', async () => {
    const { answers } = world
    patch(world)
    answers.produce = () => Promise.reject(refused('NOT_LEADER_FOR_PARTITION'))
    const send = await begin(world)
    await expect(send()).rejects.toThrow('NOT_LEADER_FOR_PARTITION')
  })

  it('is left to another version of kafkajs, which is said', () => {
    const warnings: string[] = []
    const parts = { version: '2.3.0', broker: {}, cluster: {} } as never
    expect(patchWholeTries((message) => warnings.push(message), parts)).toBe(false)
    expect(warnings).toEqual([expect.stringContaining('kafkajs 2.3.0')])
  })
})
