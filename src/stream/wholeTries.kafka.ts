import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'
import { untilCompleted } from './untilCompleted.kafka.ts'

type Asked = { readonly transactionalId?: string | undefined }
type Group = { readonly groupId: string; readonly coordinatorType?: number }
type BrokerPrototype = {
  produce: (this: object, asked: Asked) => Promise<unknown>
  addPartitionsToTxn: (this: object, asked: Asked) => Promise<unknown>
}
type ClusterPrototype = { findGroupCoordinator: (this: object, group: Group) => Promise<unknown> }

/** What the patch touches; the tests hand in other parts. */
export type WholeTriesParts = {
  readonly version: string
  readonly broker: BrokerPrototype
  readonly cluster: ClusterPrototype
}

/** The number that kafkajs and Kafka give to a coordinator of transactions; that of a group is 0. */
const ofTransactions = 1

const done = new WeakSet<BrokerPrototype>()

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/**
 * A send of a transaction that goes to several brokers is a try of several requests. Where one of them fails, kafkajs 2.2.4
 * begins the next try at once, and in it sends anew, and numbered anew, what others were sent and have not answered yet: it
 * would stand there twice. Here a request fails only when no other of its transaction is under way, so that the next try
 * knows who has answered. Partitions are added to a transaction one request after the other, as the coordinator refuses
 * two at a time, and again where it has not completed the transaction before.
 * The prototypes are changed only in the version that this was proved with.
 * @returns whether they are patched now
 */
export const patchWholeTries = (
  warn: (message: string) => void,
  parts: WholeTriesParts = loadKafkajs(),
): boolean => {
  const { version, broker, cluster } = parts
  if (done.has(broker)) return true
  if (version !== provedVersion) {
    warn(`kafkajs ${version}: a transaction may hold what it sends twice, as its tries may overlap`)
    return false
  }
  const { produce, addPartitionsToTxn } = broker
  const { findGroupCoordinator } = cluster
  const tries = createTries()
  const adding = new Map<string, Promise<unknown>>()

  broker.produce = function (asked) {
    const { transactionalId } = asked
    if (transactionalId === undefined) return produce.call(this, asked)
    return tries.part(transactionalId, () => produce.call(this, asked))
  }
  broker.addPartitionsToTxn = function (asked) {
    const { transactionalId = '' } = asked
    const before = adding.get(transactionalId) ?? Promise.resolve()
    const added = before.then(() => untilCompleted(() => addPartitionsToTxn.call(this, asked)))
    const ended = added.catch(() => undefined)
    adding.set(transactionalId, ended)
    void ended.then(() => {
      if (adding.get(transactionalId) === ended) adding.delete(transactionalId)
    })
    return tries.part(transactionalId, () => added)
  }
  // Asked by each request of a try before it adds its partitions.
  cluster.findGroupCoordinator = function (group) {
    const { groupId, coordinatorType } = group
    if (coordinatorType !== ofTransactions) return findGroupCoordinator.call(this, group)
    return tries.part(groupId, () => findGroupCoordinator.call(this, group))
  }
  done.add(broker)
  return true
}

type Tries = {
  /** A part of a try of this transaction: it fails when no other part is under way. */
  readonly part: <T>(transactionalId: string, ask: () => Promise<T>) => Promise<T>
}

const createTries = (): Tries => {
  const underWay = new Map<string, Set<Promise<unknown>>>()

  /** What has ended goes on to its next request within a turn, also where it ended together with what failed. */
  const othersEnded = async (transactionalId: string): Promise<void> => {
    await turn()
    for (let others = underWay.get(transactionalId); others !== undefined;) {
      await Promise.allSettled(others)
      await turn()
      others = underWay.get(transactionalId)
    }
  }

  const begin = (transactionalId: string, asked: Promise<unknown>): void => {
    const all = underWay.get(transactionalId)
    if (all === undefined) underWay.set(transactionalId, new Set([asked]))
    else all.add(asked)
  }

  const end = (transactionalId: string, asked: Promise<unknown>): void => {
    const all = underWay.get(transactionalId)
    all?.delete(asked)
    if (all?.size === 0) underWay.delete(transactionalId)
  }

  return {
    part: async (transactionalId, ask) => {
      const asked = ask()
      begin(transactionalId, asked)
      try {
        return await asked
      } catch (error) {
        end(transactionalId, asked)
        await othersEnded(transactionalId)
        throw error
      } finally {
        end(transactionalId, asked)
      }
    },
  }
}

const loadKafkajs = (): WholeTriesParts => ({
  version: installedVersion(),
  broker: (partOfKafkajs('broker') as { readonly prototype: BrokerPrototype }).prototype,
  cluster: (partOfKafkajs('cluster') as { readonly prototype: ClusterPrototype }).prototype,
})
