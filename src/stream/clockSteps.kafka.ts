import { installedVersion, partOfKafkajs, provedVersion } from './installedKafkajs.kafka.ts'

type Group = { lastRequest: number }
type GroupPrototype = { heartbeat: (this: Group, options: { interval: number }) => Promise<void> }
type Request = { sentAt: number; readonly requestTimeout: number; timeoutRequest: () => void }
type Queue = {
  readonly enforceRequestTimeout: boolean
  readonly requestTimeout: number
  readonly inflight: { readonly forEach: (use: (request: Request) => void) => void }
  requestTimeoutIntervalId: NodeJS.Timeout | null
  throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  readonly checkPendingRequests: () => void
  readonly isConnected: () => boolean
  readonly destroy: () => void
}
type QueuePrototype = { scheduleRequestTimeoutCheck: (this: Queue) => void }
type Pool = { metadataExpireAt: number; readonly metadataMaxAge: number }
type PoolPrototype = { refreshMetadataIfNecessary: (this: Pool, topics: readonly string[]) => Promise<void> }

/** What the patch touches; the tests hand in other parts. */
export type ClockStepsParts = {
  readonly version: string
  readonly group: GroupPrototype
  readonly queue: QueuePrototype
  readonly pool: PoolPrototype
  /** Epoch milliseconds, by the clock that kafkajs goes by. */
  readonly now: () => number
  /** Milliseconds by a clock that nobody sets. */
  readonly monotonic: () => number
}

const checkEveryMs = 100
/** Checks that come later than this come from a process that stood still: what was answered meanwhile waits to be read. */
const standstillMs = 1_000
/** Less is how clocks are kept right all the time. */
const stepMs = 1_000

/** As kafkajs says that nothing is throttled. */
const never = -1

const done = new WeakSet<GroupPrototype>()

/**
 * kafkajs measures time by the clock of the machine, which may be set. Set back by an hour, a consumer sends no
 * heartbeat for an hour and is expelled from its group whenever it has joined again, no request times out, a throttled
 * connection sends nothing, and new partitions are not seen; set forward, every request under way times out at once.
 * A heartbeat that seems to have been sent later than now is due; metadata that would last longer than it may has
 * expired; and where the clock was set, time begins anew for the requests under way. After a standstill of our own
 * answers are read before anything times out.
 * The prototypes are changed only in the version that this was proved with.
 * @returns whether it is patched now
 */
export const patchClockSteps = (
  warn: (message: string) => void,
  parts: ClockStepsParts = loadKafkajs(),
): boolean => {
  const { version, group, queue, pool, now, monotonic } = parts
  if (done.has(group)) return true
  if (version !== provedVersion) {
    warn(`kafkajs ${version}: it goes by the machine's clock; set back, that stops its heartbeats`)
    return false
  }

  const { heartbeat } = group
  group.heartbeat = function (options) {
    if (this.lastRequest > now()) this.lastRequest = -Infinity
    return heartbeat.call(this, options)
  }

  const { refreshMetadataIfNecessary } = pool
  pool.refreshMetadataIfNecessary = function (topics) {
    if (this.metadataExpireAt > now() + this.metadataMaxAge) this.metadataExpireAt = -Infinity
    return refreshMetadataIfNecessary.call(this, topics)
  }

  // As kafkajs has it, but for the clock.
  queue.scheduleRequestTimeoutCheck = function () {
    if (!this.enforceRequestTimeout) return
    this.destroy()
    let ahead = now() - monotonic()
    let checkedAt = monotonic()
    this.requestTimeoutIntervalId = setInterval(
      () => {
        const stoodStill = monotonic() - checkedAt > standstillMs
        checkedAt = monotonic()
        const stepped = now() - monotonic() - ahead
        const wasSet = Math.abs(stepped) > stepMs
        ahead += stepped
        if (wasSet) goOn(this)
        this.inflight.forEach((request) => {
          if (wasSet) request.sentAt = now()
          else if (!stoodStill && now() - request.sentAt > request.requestTimeout) request.timeoutRequest()
        })
        if (!this.isConnected()) this.destroy()
      },
      Math.min(this.requestTimeout, checkEveryMs),
    )
  }
  done.add(group)
  return true
}

/** Not until a time: what is that after the next step? And what waits for a timer that was set by it is looked at now. */
const goOn = (queue: Queue): void => {
  queue.throttledUntil = never
  if (queue.throttleCheckTimeoutId !== null) clearTimeout(queue.throttleCheckTimeoutId)
  queue.throttleCheckTimeoutId = null
  queue.checkPendingRequests()
}

const loadKafkajs = (): ClockStepsParts => {
  const prototypeOf = (file: string) => (partOfKafkajs(file) as { readonly prototype: unknown }).prototype
  return {
    version: installedVersion(),
    group: prototypeOf('consumer/consumerGroup') as GroupPrototype,
    queue: prototypeOf('network/requestQueue') as QueuePrototype,
    pool: prototypeOf('cluster/brokerPool') as PoolPrototype,
    now: Date.now,
    monotonic: () => performance.now(),
  }
}
