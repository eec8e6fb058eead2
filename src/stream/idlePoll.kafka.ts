import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

type Queue = { readonly pending: readonly unknown[] }
type QueuePrototype = { scheduleCheckPendingRequests: (this: Queue) => void }

/** What the patch touches; the tests hand in other parts. */
export type KafkajsParts = { readonly version: string; readonly prototype: QueuePrototype }

const done = new WeakSet<QueuePrototype>()

/**
 * kafkajs looks for requests that wait to be sent every millisecond, for each connection and for ever, even when
 * none waits (its issues 1556 and 1751): 40 % of a relay's CPU. None can be missed without it: a request that
 * has to wait schedules a look itself, and each response brings another.
 * The prototype is changed only in the version that this was proved with.
 * @returns whether the poll is patched now
 */
export const patchIdlePoll = (
  warn: (message: string) => void,
  parts: KafkajsParts = loadKafkajs(),
): boolean => {
  const { version, prototype } = parts
  if (done.has(prototype)) return true
  if (version !== provedVersion) {
    warn(
      `kafkajs ${version}: its idle poll is left as it is, as the patch was proved with ${provedVersion} only; expect more CPU`,
    )
    return false
  }
  const schedule = prototype.scheduleCheckPendingRequests
  prototype.scheduleCheckPendingRequests = function (this: Queue) {
    if (this.pending.length > 0) schedule.call(this)
  }
  done.add(prototype)
  return true
}

const loadKafkajs = (): KafkajsParts => {
  const { prototype } = partOfKafkajs('network/requestQueue') as { readonly prototype: QueuePrototype }
  return { version: installedVersion(), prototype }
}
