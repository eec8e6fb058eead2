import type { Admin } from 'kafkajs'

/** What a group has committed of a partition. */
export type Committed = {
  /** Everything before it is answered; null: nothing was committed. */
  readonly offset: number | null
  /** The position in `decisions` that the commit carries; null: none. */
  readonly position: number | null
}

export type AskCommitted = (partition: number) => Promise<Committed>

/** What the metadata of a commit says of `decisions`; null: nothing. */
const positionIn = (metadata: string | null): number | null => {
  if (metadata === null || metadata === '') return null
  try {
    const told: unknown = JSON.parse(metadata)
    if (typeof told !== 'object' || told === null || !('decisions' in told)) return null
    const position = Number(told.decisions)
    return Number.isSafeInteger(position) && position >= 0 ? position : null
  } catch {
    // Not ours: somebody else committed for this group.
    return null
  }
}

export const createAskCommitted =
  (admin: Pick<Admin, 'fetchOffsets'>, groupId: string, topic: string): AskCommitted =>
  async (partition) => {
    const found = await admin.fetchOffsets({ groupId, topics: [topic] })
    const of = found.flatMap(({ partitions }) => partitions).find((each) => each.partition === partition)
    const offset = Number(of?.offset ?? -1)
    return { offset: offset < 0 ? null : offset, position: positionIn(of?.metadata ?? null) }
  }
