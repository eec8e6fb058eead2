import { SluiceError } from '../../errors.ts'
import type { Audit } from '../../domain/audit.ts'
import { createAuditCodec } from '../../stream/codec/audit.ts'
import type { Schemas } from '../../stream/codec/schemas.ts'
import type { Scanner, ScanOrder } from '../../stream/scan.kafka.ts'

/**
 * The audit records that the topic holds now, partition by partition.
 * @throws SluiceError KAFKA_UNAVAILABLE; SCHEMA_INVALID naming the record that cannot be read
 */
export async function* readAuditTopic(
  scanner: Pick<Scanner, 'scan'>,
  schemas: Schemas,
  order: ScanOrder,
): AsyncGenerator<Audit, void, undefined> {
  const codec = createAuditCodec(schemas)
  for await (const records of scanner.scan(order))
    for (const { value, partition, offset } of records) {
      if (value === null) continue
      const read = codec.read(value)
      if (!read.ok)
        throw new SluiceError(
          'SCHEMA_INVALID',
          `${order.topic}, partition ${partition}, offset ${offset}${read.fault.field === null ? '' : `, ${read.fault.field}`}: ${read.fault.detail}`,
        )
      yield read.value
    }
}
