import type { Received } from '../domain/received.ts'
import type { Appends } from './appends.ts'
import type { Attempted } from './availability.redis.ts'
import type { Recall } from './recall.redis.ts'

/** Where logs are kept, on one node or on several. Nothing rejects: what could not be appended is appended later. */
export type LogStore = {
  /** Appends `before` and then `appends`, and answers with the whole histories that the latter were appended to. */
  recall(appends: Appends, batch: readonly Received[], before: readonly Appends[]): Promise<Attempted<Recall>>
  append(appends: Appends): Promise<void>
  /**
   * Appends now, or not at all on a node that does not answer; false: on one it may not have been. Nobody else has to
   * do without a node for that.
   */
  tryAppend(appends: Appends): Promise<boolean>
  close(): Promise<void>
}
