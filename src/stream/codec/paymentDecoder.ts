import type { Received, Refused } from '../../domain/received.ts'
import type { Payment } from '../../domain/payment.ts'
import type { RawRecord } from '../record.ts'
import { fault, type Fault } from './check.ts'
import { createFutureCheck, recordTime, type ClockDeps } from './clock.ts'
import { contactAnywhere } from './contacts.ts'
import { createPaymentCodec } from './payment.ts'
import { createRecordReader } from './recordReader.ts'
import { readableIds, refuse } from './refusal.ts'
import type { Schemas } from './schemas.ts'

export type PaymentDecoderDeps = ClockDeps & {
  readonly schemas: Schemas
  /** The largest record that is looked at. */
  readonly maxBytes: number
  /**
   * Keyed 64-bit hash as 16 hexadecimal digits. It gets the canonical Avro body of the payment,
   * however the payment came; the bytes are overwritten by the next payment.
   */
  readonly hashContent: (body: Uint8Array) => string
}

/** What a payment switch may at most ask us to wait for. */
const longestWaitMs = 86_400_000

/** Stage 2: a record of the topic `payments` becomes a payment, or a dead letter with a reason. Never throws. */
export const createPaymentDecoder = (
  deps: PaymentDecoderDeps,
): ((record: RawRecord) => Received | Refused) => {
  const codec = createPaymentCodec(deps.schemas)
  const futureFault = createFutureCheck(deps)

  const timeFault = ({ occurredAt, respondBy }: Payment, record: RawRecord): Fault | null => {
    if (respondBy !== null && respondBy > recordTime(record, deps.now) + longestWaitMs) {
      return {
        ...fault('INVALID_TIME', "a time at most a day after the record's timestamp", respondBy),
        field: 'respondBy',
      }
    }
    return futureFault(occurredAt, 'occurredAt', record)
  }
  const read = createRecordReader(codec, deps.maxBytes, timeFault)

  return (record) => {
    const result = read(record)
    if (!result.ok) return refuse(record, result, readableIds(record, result.partial), contactAnywhere)
    const payment = result.value
    const { topic, partition, offset, timestamp, headers, enteredAt } = record
    return {
      payment,
      source: { topic, partition, offset, timestamp, headers },
      effectiveAt: Math.min(payment.occurredAt, recordTime(record, deps.now)),
      contentHash: deps.hashContent(codec.body(payment)),
      enteredAt,
    }
  }
}
