import type { Redis } from 'ioredis'
import { isMoved } from './moved.ts'
import { createScript } from './scripts.redis.ts'
import { within } from '../within.ts'

/** A call to Redis that was answered, or was not: whether it took effect is then unknown. */
export type Attempted<T> = { readonly answered: true; readonly value: T } | { readonly answered: false }

/** moved: another node of the cluster has the keys; that does not make this one known to be away. */
export type AvailabilityEvent = 'away' | 'back' | 'timeout' | 'error' | 'moved'

export type Availability = {
  /**
   * Never rejects. While Redis is known to be away nothing is sent and the answer is there at once.
   * A call that fails or takes longer than the time-out makes Redis known to be away.
   */
  attempt<T>(call: () => Promise<T>): Promise<Attempted<T>>
  /** As `attempt`, for what no payment waits for: that it fails or takes long says nothing of Redis to others. */
  attemptBeside<T>(call: () => Promise<T>): Promise<Attempted<T>>
  isAway(): boolean
  readonly commandTimeoutMs: number
  /** `listener` is called each time Redis answers again after it was away. */
  onBack(listener: () => void): void
  close(): void
}

export type AvailabilityDeps = {
  readonly redis: Redis
  /** For one script call; well inside the deadline of a payment. */
  readonly commandTimeoutMs?: number
  /** How often an absent Redis is asked whether it is back. */
  readonly probeEveryMs?: number
  readonly onEvent?: (event: AvailabilityEvent) => void
  /** Told why a call failed: an error of Redis, or of ours in reading its reply. */
  readonly onError?: (error: unknown) => void
}

/**
 * Does nothing, and is refused as every script that may write: by a server that is full, is a replica, or cannot save.
 * A PING is answered by all of them.
 */
const takesWrites = `#!lua
return 0`

const notAnswered = { answered: false } as const

/** Knows whether Redis answers, so that an absent one costs one time-out and not one for each batch. */
export const createAvailability = (deps: AvailabilityDeps): Availability => {
  const {
    redis,
    commandTimeoutMs = 250,
    probeEveryMs = 50,
    onEvent = () => undefined,
    onError = () => undefined,
  } = deps
  const listeners: (() => void)[] = []
  const tryWrite = createScript(redis, takesWrites)
  let probes: ReturnType<typeof setInterval> | null = null
  let asking = false

  const back = (): void => {
    if (probes === null) return
    clearInterval(probes)
    probes = null
    onEvent('back')
    for (const listener of listeners) listener()
  }

  /**
   * One question at a time: a paused server answers it when it wakes up. An answer that takes longer than a call may
   * would not have been one: what is sent on its strength would be late, kept, and sent again and again.
   */
  const probe = async (): Promise<void> => {
    asking = true
    const answer = tryWrite()
    try {
      if ((await within(answer, commandTimeoutMs)) === 'late') await answer
      else back()
    } catch {
      // It is away still, which is known.
    } finally {
      asking = false
    }
  }

  const away = (): void => {
    if (probes !== null) return
    onEvent('away')
    probes = setInterval(() => {
      if (!asking && redis.status === 'ready') void probe()
    }, probeEveryMs)
    probes.unref()
  }

  const attempt = async <T>(call: () => Promise<T>, onFailure: () => void): Promise<Attempted<T>> => {
    if (probes !== null) return notAnswered
    try {
      const value = await within(call(), commandTimeoutMs)
      if (value !== 'late') return { answered: true, value }
      onEvent('timeout')
    } catch (error) {
      if (isMoved(error)) {
        onEvent('moved')
        return notAnswered
      }
      onEvent('error')
      onError(error)
    }
    onFailure()
    return notAnswered
  }

  return {
    attempt: (call) => attempt(call, away),
    attemptBeside: (call) => attempt(call, () => undefined),
    commandTimeoutMs,
    isAway: () => probes !== null,
    onBack: (listener) => void listeners.push(listener),
    close: () => {
      if (probes !== null) clearInterval(probes)
      probes = null
    },
  }
}
