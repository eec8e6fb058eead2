import { SluiceError } from '../errors.ts'

type Sent = { readonly partition?: number | null }

/** What kafkajs tells of one partition that a broker took messages for; its RecordMetadata fits. */
export type Taken = { readonly topicName: string; readonly partition: number; readonly baseOffset?: string }

/**
 * kafkajs says nothing of what it left out: messages for a partition that it does not know, or whose leader moved to a
 * broker that has already answered. What no broker has acknowledged is to come again.
 * @param messages as they were sent: our partitioner has noted in each of them where it went
 * @returns by partition, the offset after the last of the messages
 * @throws SluiceError KAFKA_UNAVAILABLE
 */
export const positionsTaken = (
  topic: string,
  messages: readonly Sent[],
  taken: readonly Taken[],
): ReadonlyMap<number, string> => {
  const counts = new Map<number, number>()
  for (const { partition } of messages) counts.set(partition ?? -1, (counts.get(partition ?? -1) ?? 0) + 1)
  const positions = new Map<number, string>()
  for (const [partition, count] of counts) {
    const { baseOffset } =
      taken.find((each) => each.topicName === topic && each.partition === partition) ?? {}
    if (baseOffset === undefined)
      throw new SluiceError(
        'KAFKA_UNAVAILABLE',
        `no broker took ${count} messages for partition ${partition} of ${topic}`,
        { retriable: true },
      )
    positions.set(partition, String(BigInt(baseOffset) + BigInt(count)))
  }
  return positions
}

/** A partition that took what one call sent more than once; null: none did. */
export const takenTwice = (taken: readonly Taken[]): Taken | null => {
  const seen = new Set<string>()
  for (const each of taken) {
    const name = `${each.topicName} ${each.partition}`
    if (seen.has(name)) return each
    seen.add(name)
  }
  return null
}
