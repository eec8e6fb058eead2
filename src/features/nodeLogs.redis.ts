import type { Redis } from 'ioredis'
import type { Received } from '../domain/received.ts'
import type { Appends } from './appends.ts'
import type { Attempted, Availability } from './availability.redis.ts'
import { createCatchUp } from './catchUp.redis.ts'
import { createDeclareLost } from './coverage.redis.ts'
import { createFolding, type Folding, type FoldingDeps, type FoldingOptions } from './folding.redis.ts'
import type { LogStore } from './logStore.ts'
import type { Waiting } from './missed.ts'
import { createRecaller, type Recall, type RecallerDeps } from './recall.redis.ts'

export type NodeLogsDeps = RecallerDeps & {
  readonly redis: Redis
  readonly availability: Availability
  readonly missedMaxBytes: number
  /** null: long logs are left as they are. */
  readonly folding: FoldingOptions | null
}

/** The logs on one node. Nothing rejects; what was not answered is for the caller to keep. */
export type NodeLogs = {
  recall(appends: Appends, batch: readonly Received[], before: readonly Appends[]): Promise<Attempted<Recall>>
  append(appends: Appends): Promise<Attempted<void>>
  /** As `append`, but beside the payments: a failure is its own and does not make the node known to be away. */
  appendBeside(appends: Appends): Promise<Attempted<void>>
  /** Keeps what the node did not take, or may not have taken; it is appended before anything is recalled again. */
  miss(appends: Appends): void
  /** Hands over what was missed: another node has it now. */
  release(): Waiting
  adopt(waiting: Waiting): void
  close(): Promise<void>
}

const foldingOf = (
  { redis, folding, onEvent }: NodeLogsDeps,
  onFolded: FoldingDeps['onFolded'],
): Folding | null =>
  folding === null
    ? null
    : createFolding({
        redis,
        options: folding,
        onFolded: (entity, history) => {
          onFolded(entity, history)
          onEvent('logs_folded', 1)
        },
        onFailure: () => onEvent('folds_failed', 1),
      })

export const createNodeLogs = (deps: NodeLogsDeps): NodeLogs => {
  const { redis, availability, now, onEvent, missedMaxBytes } = deps
  const folding = foldingOf(deps, (entity, history) => recaller.folded(entity, history))
  const recaller = createRecaller(
    folding === null ? deps : { ...deps, onGrown: (entity, history) => folding.offer(entity, history) },
  )
  const declareLost = createDeclareLost(redis)
  const catchUp = createCatchUp({
    availability,
    append: recaller.appendOnly,
    declareLost: async (lostUntil) => {
      await declareLost(lostUntil, now())
      recaller.markersMoved(lostUntil.keys())
    },
    onEvent,
    missedMaxBytes,
  })

  const whenReady = async <T>(
    call: () => Promise<T>,
    attempt: typeof availability.attempt = availability.attempt,
  ): Promise<Attempted<T>> => ((await catchUp.isReady()) ? attempt(call) : { answered: false })

  return {
    recall: (appends, batch, before) => whenReady(() => recaller.appendAndRecall(appends, batch, before)),
    append: (appends) => whenReady(() => recaller.appendOnly(appends)),
    appendBeside: (appends) => whenReady(() => recaller.appendOnly(appends), availability.attemptBeside),
    miss: catchUp.miss,
    release: catchUp.release,
    adopt: catchUp.adopt,
    close: async () => {
      await folding?.close()
      await catchUp.close()
    },
  }
}

/** All logs on one node. */
export const createOneNodeLogs = (deps: NodeLogsDeps): LogStore => {
  const node = createNodeLogs(deps)
  return {
    recall: async (appends, batch, before) => {
      const answer = await node.recall(appends, batch, before)
      if (!answer.answered) for (const each of [...before, appends]) node.miss(each)
      return answer
    },
    append: async (appends) => {
      if (!(await node.append(appends)).answered) node.miss(appends)
    },
    tryAppend: async (appends) => (await node.appendBeside(appends)).answered,
    close: node.close,
  }
}
