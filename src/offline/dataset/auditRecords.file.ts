import { z } from 'zod'
import { SluiceError } from '../../errors.ts'
import { isNdjson, readRows } from '../files/rows.file.ts'
import type { FeatureRecord } from './row.ts'

/** The parts of an audit record that are used. JSON has no NaN: "not known" is null there. */
const auditSchema = z.object({
  payment: z.object({ paymentId: z.string(), accountId: z.string(), occurredAt: z.number() }),
  features: z.array(z.number().nullable()),
  decision: z.object({ bundleHash: z.string() }),
})

export type AuditNames = {
  /** Whose records are taken: the places of a row mean what they mean in this bundle. */
  readonly bundleHash: string
  readonly names: readonly string[]
}

/**
 * Features as they were recorded when each payment was decided, from audit records as NDJSON.
 * Records of other bundles are left out and told to `onOther`.
 * @throws SluiceError FILE_INVALID
 */
export async function* readAuditRecords(
  file: string,
  { bundleHash, names }: AuditNames,
  onOther: (bundleHash: string) => void,
): AsyncGenerator<readonly FeatureRecord[], void, undefined> {
  if (!isNdjson(file))
    throw new SluiceError(
      'FILE_INVALID',
      `${file}: expected audit records as NDJSON (.ndjson, .jsonl, or these with .gz)`,
    )
  for await (const rows of readRows(file)) {
    const records: FeatureRecord[] = []
    for (const row of rows) {
      const parsed = auditSchema.safeParse({
        payment: row.get('payment'),
        features: row.get('features'),
        decision: row.get('decision'),
      })
      if (!parsed.success)
        throw new SluiceError('FILE_INVALID', `${file}, line ${row.line}:\n${z.prettifyError(parsed.error)}`)
      const { payment, features, decision } = parsed.data
      if (decision.bundleHash !== bundleHash) {
        onOther(decision.bundleHash)
        continue
      }
      if (features.length !== names.length)
        throw new SluiceError(
          'FILE_INVALID',
          `${file}, line ${row.line}: expected ${names.length} features, found ${features.length}`,
        )
      records.push({ ...payment, values: features.map((value) => value ?? NaN) })
    }
    yield records
  }
}
