import type { Extent } from './extent.ts'
import type { SourcePartition } from './topics.kafka.ts'

/** What the partitions hold up to their ends; nothing of it counts as read. */
export const extentsOf = async (
  partitions: readonly SourcePartition[],
  ends: ReadonlyMap<number, number>,
): Promise<readonly Extent[]> =>
  Promise.all(
    partitions.map(async ({ reader, low }) => {
      const first = await reader.peek(ends.get(reader.partition) ?? 0)
      const { topic, partition, start } = reader
      return {
        topic,
        partition,
        low,
        start,
        first: first === null ? null : { offset: first.offset, timestamp: first.timestamp },
      }
    }),
  )
