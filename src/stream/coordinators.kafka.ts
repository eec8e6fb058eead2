import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

type Group = { readonly groupId: string; readonly coordinatorType?: number }
type Broker = { readonly isConnected: () => boolean }
type ClusterPrototype = { findGroupCoordinator: (this: object, group: Group) => Promise<Broker> }

/** What the patch touches; the tests hand in other parts. */
export type CoordinatorsParts = {
  readonly version: string
  readonly cluster: ClusterPrototype
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonic: () => number
}

/** A coordinator that has moved is asked in vain for no longer than this: less than our producers try again for. */
const keptMs = 250
/** The number that kafkajs and Kafka give to a coordinator of transactions; that of a group is 0. */
const ofTransactions = 1

const done = new WeakSet<ClusterPrototype>()

type Found = { readonly broker: Broker; readonly at: number }

/**
 * For each transaction kafkajs asks four times who coordinates it and the group whose offsets go with it, one question
 * after the other. Here a producer of transactions asks four times a second, and when its connection is gone. Consumers, who ask
 * because the coordinator has moved, ask each time.
 * The prototype is changed only in the version that this was proved with.
 * @returns whether it is patched now
 */
export const patchCoordinators = (
  warn: (message: string) => void,
  parts: CoordinatorsParts = loadKafkajs(),
): boolean => {
  const { version, cluster, monotonic } = parts
  if (done.has(cluster)) return true
  if (version !== provedVersion) {
    warn(`kafkajs ${version}: it asks for coordinators four times for each transaction; expect more CPU`)
    return false
  }
  const { findGroupCoordinator } = cluster
  /** By cluster, which a producer has for itself: what it was told lately. */
  const told = new WeakMap<object, Map<string, Found>>()
  cluster.findGroupCoordinator = async function (group) {
    const { groupId, coordinatorType = 0 } = group
    const known = told.get(this) ?? (coordinatorType === ofTransactions ? new Map<string, Found>() : null)
    if (known === null) return findGroupCoordinator.call(this, group)
    told.set(this, known)
    const key = `${coordinatorType} ${groupId}`
    const found = known.get(key)
    if (found !== undefined && monotonic() - found.at < keptMs && found.broker.isConnected())
      return found.broker
    const broker = await findGroupCoordinator.call(this, group)
    known.set(key, { broker, at: monotonic() })
    return broker
  }
  done.add(cluster)
  return true
}

const loadKafkajs = (): CoordinatorsParts => ({
  version: installedVersion(),
  cluster: (partOfKafkajs('cluster') as { readonly prototype: ClusterPrototype }).prototype,
  monotonic: () => performance.now(),
})
