import { murmur2 } from './murmur2.ts'

/** The part of kafkajs's PartitionerArgs that is read, and the partition, which is written. */
type Asked = {
  readonly partitionMetadata: readonly unknown[]
  readonly message: { partition?: number | null; readonly key?: Buffer | string | null }
}

/**
 * kafkajs's default partitioner for a message with a partition or a key, without its arithmetic in BigInt and its
 * look at every partition's leader; the messages with neither go to `createOther`'s.
 * Where a message goes is noted in it: when kafkajs tries again it goes there again, and whoever sent it can see whether
 * a broker took what was meant for that partition.
 */
export const createPartitioner =
  <A extends Asked>(createOther: () => (asked: A) => number) =>
  (): ((asked: A) => number) => {
    const other = createOther()
    const choose = (asked: A): number => {
      const { key } = asked.message
      if (key === null || key === undefined) return other(asked)
      const bytes = Buffer.isBuffer(key) ? key : Buffer.from(String(key))
      return (murmur2(bytes) & 0x7fff_ffff) % asked.partitionMetadata.length
    }
    return (asked) => (asked.message.partition ??= choose(asked))
  }
