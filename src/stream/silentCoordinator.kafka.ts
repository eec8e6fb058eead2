import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

type GroupPrototype = {
  heartbeat: (this: object, options: { readonly interval: number }) => Promise<void>
  commitOffsets: (this: object, offsets?: object) => Promise<void>
  commitOffsetsIfNecessary: (this: object) => Promise<void>
}

/** What the patch touches; the tests hand in other parts. @param group a member of a consumer group */
export type SilentCoordinatorParts = { readonly version: string; readonly group: GroupPrototype }

const done = new WeakSet<GroupPrototype>()

/** No answer in time, no connection, or no such broker any more. A connection that only broke is made anew. */
const silentNames: readonly string[] = [
  'KafkaJSRequestTimeoutError',
  'KafkaJSConnectionError',
  'KafkaJSBrokerNotFound',
]
/** kafkajs asks who coordinates the group, and joins it there. */
const otherCoordinator = { type: 'NOT_COORDINATOR_FOR_GROUP' }

const askingAnew = async (asked: Promise<void>): Promise<void> => {
  try {
    await asked
  } catch (cause) {
    if (!(cause instanceof Error) || !silentNames.includes(cause.name)) throw cause
    throw Object.assign(
      new Error('the coordinator of the group does not answer', { cause }),
      otherCoordinator,
    )
  }
}

/**
 * A member whose group was coordinated by a broker that hangs, or has gone, sends its heartbeats there and nowhere else,
 * though the group has long gone elsewhere. Here a heartbeat or a commit that is not answered makes it ask who coordinates
 * its group now. A commit too, as kafkajs commits before it hands on why a heartbeat failed, and hands on why that failed.
 * The prototype is changed only in the version that this was proved with.
 * @returns whether it is patched now
 */
export const patchSilentCoordinator = (
  warn: (message: string) => void,
  parts: SilentCoordinatorParts = loadKafkajs(),
): boolean => {
  const { version, group } = parts
  if (done.has(group)) return true
  if (version !== provedVersion) {
    warn(`kafkajs ${version}: a member of a group stays with a coordinator that hangs; expect long waits`)
    return false
  }
  const { heartbeat, commitOffsets, commitOffsetsIfNecessary } = group
  group.heartbeat = function (options) {
    return askingAnew(heartbeat.call(this, options))
  }
  group.commitOffsets = function (offsets) {
    return askingAnew(commitOffsets.call(this, offsets))
  }
  group.commitOffsetsIfNecessary = function () {
    return askingAnew(commitOffsetsIfNecessary.call(this))
  }
  done.add(group)
  return true
}

const loadKafkajs = (): SilentCoordinatorParts => ({
  version: installedVersion(),
  group: (partOfKafkajs('consumer/consumerGroup') as { readonly prototype: GroupPrototype }).prototype,
})
