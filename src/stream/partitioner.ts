import { murmur2 } from './murmur2.ts'

/** The part of kafkajs's PartitionerArgs that is read. */
type Asked = {
  readonly partitionMetadata: readonly unknown[]
  readonly message: { readonly partition?: number | null; readonly key?: Buffer | string | null }
}

/**
 * kafkajs's default partitioner for a message with a partition or a key, without its arithmetic in BigInt and its
 * look at every partition's leader; the messages with neither go to `createOther`'s.
 */
export const createPartitioner =
  <A extends Asked>(createOther: () => (asked: A) => number) =>
  (): ((asked: A) => number) => {
    const other = createOther()
    return (asked) => {
      const { partition, key } = asked.message
      if (partition !== null && partition !== undefined) return partition
      if (key === null || key === undefined) return other(asked)
      const bytes = Buffer.isBuffer(key) ? key : Buffer.from(String(key))
      return (murmur2(bytes) & 0x7fff_ffff) % asked.partitionMetadata.length
    }
  }
