import { switchHeaders } from './messages.ts'
import type { RawRecord } from './record.ts'

/**
 * Why a dead letter cannot be sent again: its bytes were not kept, only their beginning was, or it names no partition
 * that there is.
 */
export const redriveObstacles = ['BYTES_NOT_KEPT', 'CUT_SHORT', 'NO_SOURCE'] as const
export type RedriveObstacle = (typeof redriveObstacles)[number]

/** A dead letter as the record that it was, for the topic and partition that it came from. */
export type Redriven = {
  readonly topic: string
  readonly partition: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Record<string, Buffer | string>
}

export const isRedriven = (redriven: Redriven | RedriveObstacle): redriven is Redriven =>
  typeof redriven !== 'string'

const textOf = ({ headers }: RawRecord, name: string): string | null => {
  const value = headers[name]
  return value === undefined ? null : String(value)
}

/** Why it was refused; a dead letter of ours always says so. */
export const reasonOf = (letter: RawRecord): string => textOf(letter, 'sluice-reason') ?? 'not said'

/** How many partitions a topic has. */
export type PartitionCounts = ReadonlyMap<string, number>

/** @param inputs the topics that dead letters may go back to */
export const redrivenOf = (letter: RawRecord, inputs: PartitionCounts): Redriven | RedriveObstacle => {
  const topic = textOf(letter, 'sluice-source-topic')
  const partition = Number(textOf(letter, 'sluice-source-partition') ?? NaN)
  if (topic === null || !Number.isSafeInteger(partition)) return 'NO_SOURCE'
  // What is sent to a partition that its topic no longer has, kafkajs leaves out without a word.
  if (partition < 0 || partition >= (inputs.get(topic) ?? 0)) return 'NO_SOURCE'
  const length = Number(textOf(letter, 'sluice-byte-length') ?? NaN)
  const kept = letter.value?.length ?? 0
  if (kept < length) return kept === 0 ? 'BYTES_NOT_KEPT' : 'CUT_SHORT'
  const { key, value, headers } = letter
  return { topic, partition, key, value, headers: switchHeaders(headers) }
}
