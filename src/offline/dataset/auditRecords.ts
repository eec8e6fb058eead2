import type { Audit } from '../../domain/audit.ts'
import { SluiceError } from '../../errors.ts'
import type { FeatureRecord } from './row.ts'

export type AuditNames = {
  /** Whose records are taken: the places of a row mean what they mean in this bundle. */
  readonly bundleHash: string
  readonly names: readonly string[]
}

/** Audit records that are no rows of the dataset. */
export type LeftOut = {
  /** Decided by another bundle: their rows mean something else. */
  otherBundles: number
  /** Decided again after a swap: nobody has the row any more. */
  withoutRow: number
  /** Their paymentId was used before, with other content: what a label says of it is not known. */
  reusedIds: number
  /** Later attempts at a payment: a label is of the payment, and its first attempt stands for it. */
  laterAttempts: number
}

const rowsAtOnce = 1_000

const isReused = ({ decision }: Audit): boolean =>
  decision.reasons.some(({ code }) => code === 'PAYMENT_ID_REUSED')

/**
 * Features as they were recorded when each payment was decided.
 * @param audits each decision once
 * @param leftOut counts what is left out
 * @throws SluiceError FILE_INVALID for a row that is not what its bundle says
 */
export async function* auditRecords(
  audits: AsyncIterable<Audit>,
  { bundleHash, names }: AuditNames,
  leftOut: LeftOut,
): AsyncGenerator<readonly FeatureRecord[], void, undefined> {
  const taken = new Set<string>()
  const recordOf = (audit: Audit): FeatureRecord | null => {
    const { payment, decision, features } = audit
    if (decision.bundleHash !== bundleHash) leftOut.otherBundles++
    else if (features.length === 0) leftOut.withoutRow++
    else if (isReused(audit)) leftOut.reusedIds++
    else if (features.length !== names.length)
      throw new SluiceError(
        'FILE_INVALID',
        `payment ${payment.paymentId}: expected ${names.length} features, as bundle ${bundleHash} has, found ${features.length}`,
      )
    else if (taken.has(payment.paymentId)) leftOut.laterAttempts++
    else {
      const { paymentId, accountId, occurredAt } = payment
      taken.add(paymentId)
      return {
        paymentId,
        accountId,
        occurredAt,
        values: features,
        controlGroup: decision.exceptions.includes('control_group'),
      }
    }
    return null
  }

  let records: FeatureRecord[] = []
  for await (const audit of audits) {
    const record = recordOf(audit)
    if (record !== null) records.push(record)
    if (records.length < rowsAtOnce) continue
    yield records
    records = []
  }
  if (records.length > 0) yield records
}
