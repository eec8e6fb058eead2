import { SluiceError } from '../../errors.ts'
import { paymentFormat } from '../files/formats.ts'
import { readRecordRows } from '../files/records.file.ts'
import { readRows } from '../files/rows.file.ts'
import { valueOf } from '../training/featureTable.file.ts'
import type { FeatureRecord } from './row.ts'

type Who = Pick<FeatureRecord, 'accountId' | 'occurredAt'>

const readPayments = async (file: string): Promise<ReadonlyMap<string, Who>> => {
  const payments = new Map<string, Who>()
  for await (const some of readRecordRows(file, paymentFormat))
    for (const { record } of some)
      payments.set(record.paymentId, { accountId: record.accountId, occurredAt: record.occurredAt })
  return payments
}

/** The names of the columns but paymentId. @throws SluiceError FILE_INVALID */
export const replayedNames = async (file: string): Promise<readonly string[]> => {
  for await (const [row] of readRows(file)) {
    const names = row?.header?.filter((name) => name !== 'paymentId')
    if (names !== undefined) return names
  }
  throw new SluiceError('FILE_INVALID', `${file}: expected CSV of sluice replay with at least one payment`)
}

/**
 * The rows of `sluice replay`, with time and account from the payments that it read.
 * @throws SluiceError FILE_INVALID, also for a row whose payment is not there
 */
export async function* readReplayRecords(
  featuresFile: string,
  paymentsFile: string,
  names: readonly string[],
): AsyncGenerator<readonly FeatureRecord[], void, undefined> {
  const payments = await readPayments(paymentsFile)
  for await (const rows of readRows(featuresFile))
    yield rows.map((row): FeatureRecord => {
      const paymentId = row.get('paymentId')
      const who = typeof paymentId === 'string' ? payments.get(paymentId) : undefined
      if (typeof paymentId !== 'string' || who === undefined)
        throw new SluiceError(
          'FILE_INVALID',
          `${featuresFile}, line ${row.line}, column paymentId: expected a payment of ${paymentsFile}`,
        )
      return {
        paymentId,
        ...who,
        values: Float64Array.from(names, (name) => valueOf(row, name)),
        controlGroup: null,
      }
    })
}
