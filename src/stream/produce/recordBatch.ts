import { crc32c } from './crc32c.ts'
import { putInt16, putInt32, putInt64, putInt8, type Cursor } from './cursor.ts'
import { putRecord, sizeOfRecord, type Message } from './record.ts'
import { timestampDelta, timesOf, type Times } from './times.ts'
import { sizeOfVarint } from './varint.ts'

/** Who produces: producer id -1 when the producer is neither idempotent nor transactional. */
export type ProducerMark = {
  readonly transactional: boolean
  readonly producerId: number
  readonly producerEpoch: number
}

/** A batch whose size is known. */
export type MeasuredBatch = {
  readonly messages: readonly Message[]
  readonly times: Times
  readonly recordSizes: readonly number[]
  readonly firstSequence: number
  /** Of the whole batch; NaN when something in it cannot be encoded here. */
  readonly size: number
}

/** Base offset and length: what the batch's own length does not count. */
const aheadBytes = 12
const headBytes = 61
const magic = 2
const transactionalAttribute = 16

export const measureBatch = (
  messages: readonly Message[],
  firstSequence: number,
  now: number,
): MeasuredBatch => {
  const times = timesOf(messages, now)
  const recordSizes = messages.map((message, offsetDelta) =>
    sizeOfRecord(message, { offsetDelta, timestampDelta: timestampDelta(message, times) }),
  )
  let size = headBytes
  for (const bytes of recordSizes) size += sizeOfVarint(bytes) + bytes
  return { messages, times, recordSizes, firstSequence, size }
}

/** Record batch of format 2, uncompressed: https://kafka.apache.org/documentation/#recordbatch */
export const putBatch = (cursor: Cursor, batch: MeasuredBatch, mark: ProducerMark): void => {
  const { messages, times, recordSizes, size } = batch
  putInt64(cursor, 0)
  putInt32(cursor, size - aheadBytes)
  putInt32(cursor, 0) // partition leader epoch: the broker's to fill in
  putInt8(cursor, magic)
  const crcAt = cursor.at
  cursor.at += 4
  const checkedFrom = cursor.at
  putInt16(cursor, mark.transactional ? transactionalAttribute : 0)
  putInt32(cursor, messages.length - 1)
  putInt64(cursor, times.first)
  putInt64(cursor, times.max)
  putInt64(cursor, mark.producerId)
  putInt16(cursor, mark.producerEpoch)
  putInt32(cursor, batch.firstSequence)
  putInt32(cursor, messages.length)
  messages.forEach((message, offsetDelta) =>
    putRecord(cursor, recordSizes[offsetDelta]!, message, {
      offsetDelta,
      timestampDelta: timestampDelta(message, times),
    }),
  )
  cursor.bytes.writeUInt32BE(crc32c(cursor.bytes, checkedFrom, cursor.at), crcAt)
}
