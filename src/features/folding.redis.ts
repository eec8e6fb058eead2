import type { Redis } from 'ioredis'
import { SluiceError } from '../errors.ts'
import type { EntityKey } from './entityKey.ts'
import { isHalfExpired } from './expiry.ts'
import { fold, type FoldOptions } from './fold.ts'
import { createFoldQueue, type FoldQueue } from './foldQueue.ts'
import { createHistory, lateCount, waitingCount, type History } from './history.ts'
import { noteCount } from './notes.ts'
import { createScript } from './scripts.redis.ts'

/**
 * ARGV: key, expected length, expected first and last bytes of that, the bytes that take their place.
 * Swaps them in if the log still begins with what was folded; keeps what was appended since, and the expiry.
 * Returns 1, or 0 where another log or another fold stands there, or a rebuild is about to take the log's place.
 */
const swapBeginning = `#!lua flags=allow-cross-slot-keys
local call, key, length = redis.call, ARGV[1], tonumber(ARGV[2])
local first, last = ARGV[3], ARGV[4]
if (call('GET', string.match(key, '^.-}:') .. 'rebuild') or ''):sub(-7) == 'merging' then return 0 end
if call('STRLEN', key) < length then return 0 end
if call('GETRANGE', key, 0, #first - 1) ~= first then return 0 end
if call('GETRANGE', key, length - #last, length - 1) ~= last then return 0 end
call('SET', key, ARGV[5] .. call('GETRANGE', key, length, -1), 'KEEPTTL')
return 1`

const comparedBytes = 64

/** Enough to stay ahead of what is appended, and little beside it. */
const restMs = 20
const waitingLimit = 10_000

/** Where more wait than this, the rest is so many times what the fold before took, down to `leastRestMs`. */
const manyWaiting = 64
const restFactor = 4
const leastRestMs = 2

const restAfter = (tookMs: number, { size, isUrgent }: FoldQueue): number => {
  if (isUrgent) return leastRestMs
  return size <= manyWaiting ? restMs : Math.min(restMs, Math.max(leastRestMs, restFactor * tookMs))
}

/** A log so many times as long as one that is folded goes first, and soon. */
const urgentFactor = 2

export type FoldingOptions = FoldOptions & {
  /** A log with more payments than this is folded, or so many times the notes that are kept, or half of it expired. */
  readonly foldAbove: number
}

/**
 * Exact to 160 payments; beyond that count, sum and mean of a window are within 5 % (0.047 / (1 - 0.047) for a mean).
 * Why these: docs/velocity.md.
 */
export const foldingDefaults: Omit<FoldingOptions, 'retentionMs'> = {
  keep: 160,
  foldAbove: 512,
  share: 0.047,
  lastSeenPerSlot: 128,
  notesPerKind: 32,
}

export type FoldingDeps = {
  readonly redis: Redis
  readonly options: FoldingOptions
  /** The log begins with `history` now; what is held of the entity is of the past. */
  readonly onFolded: (entity: EntityKey, history: History) => void
  /** Told why a log was not folded; it is tried again when it is met again. */
  readonly onFailure: (error: unknown) => void
}

export type Folding = {
  /** Looks whether the log is long, and has it folded in a while. */
  readonly offer: (entity: EntityKey, history: History) => void
  readonly close: () => Promise<void>
}

/** So many times what a fold keeps of one kind of note make it worth while; of outcomes twice as many as it keeps. */
const notesFactor = 16

const isLong = (history: History, { foldAbove, keep, notesPerKind, retentionMs }: FoldingOptions): boolean =>
  history.payments > foldAbove ||
  noteCount(history.notes) > notesFactor * notesPerKind ||
  waitingCount(history) > notesFactor * keep ||
  lateCount(history) > foldAbove ||
  isHalfExpired(history, retentionMs)

const lengthOf = (history: History): number =>
  history.payments + noteCount(history.notes) + waitingCount(history) + lateCount(history)

/** Folds the log of one key: what it begins with now, null where there was nothing to gain or it changed meanwhile. */
export type FoldLog = (key: string) => Promise<Uint8Array | null>

/** Rejects as Redis does. */
export const createFoldLog = (redis: Redis, options: FoldOptions): FoldLog => {
  const script = createScript(redis, swapBeginning)
  return async (key) => {
    const bytes = await redis.getBuffer(key)
    if (bytes === null) return null
    const folded = fold(bytes, options)
    if (folded === null) return null
    const swapped = await script(
      key,
      String(bytes.byteLength),
      bytes.subarray(0, comparedBytes),
      bytes.subarray(-comparedBytes),
      Buffer.from(folded.buffer, folded.byteOffset, folded.byteLength),
    )
    return swapped === 1 ? folded : null
  }
}

const isUnreadable = (error: unknown): boolean =>
  error instanceof SluiceError && error.code === 'HISTORY_FORMAT_UNKNOWN'

/** Folds long logs one at a time beside the payments. Whoever swaps first wins: several instances may try. */
export const createFolding = ({ redis, options, onFolded, onFailure }: FoldingDeps): Folding => {
  const foldLog = createFoldLog(redis, options)
  const queue = createFoldQueue({ limit: waitingLimit, urgentRecords: urgentFactor * options.foldAbove })
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let closed = false

  /** One that is long all the same, as outcomes are awaited, is folded again when as much has come as for any other. */
  const nextFrom = (left: History): number =>
    isLong(left, options) ? lengthOf(left) + options.foldAbove - options.keep : 0

  const foldOne = async (entity: EntityKey): Promise<void> => {
    try {
      const left = await foldLog(entity.key)
      if (left === null) return
      const history = createHistory(left)
      queue.folded(entity, nextFrom(history))
      onFolded(entity, history)
    } catch (error) {
      if (!isUnreadable(error)) onFailure(error)
    }
  }

  const foldNext = async (): Promise<void> => {
    const startedAt = performance.now()
    const entity = queue.take()
    if (entity !== undefined) await foldOne(entity)
    timer = undefined
    schedule(performance.now() - startedAt)
  }

  const schedule = (tookMs: number): void => {
    if (timer !== undefined || closed || queue.size === 0) return
    timer = setTimeout(
      () => {
        running = foldNext()
      },
      restAfter(tookMs, queue),
    )
    timer.unref()
  }

  return {
    offer: (entity, history) => {
      if (!isLong(history, options)) return
      queue.offer(entity, lengthOf(history))
      schedule(restMs)
    },
    close: async () => {
      closed = true
      clearTimeout(timer)
      await running
    },
  }
}
