import { SluiceError } from '../../errors.ts'
import type { KnownLabel } from '../metrics/knownFraud.ts'
import { findColumns, readCsv } from './csv.file.ts'
import { readFlag, readTime } from './fields.ts'

/** Labels by paymentId. */
export type Labels = ReadonlyMap<string, KnownLabel>

const columnNames = ['paymentId', 'occurredAt', 'accountId', 'fraud', 'knownAt'] as const

/**
 * Reads a labels file. A payment without fraud may leave knownAt empty: nothing was ever learned of it.
 * @throws SluiceError FILE_INVALID
 */
export const readLabels = async (file: string): Promise<Labels> => {
  const labels = new Map<string, KnownLabel>()
  let at: Readonly<Record<(typeof columnNames)[number], number>> | null = null
  let line = 1
  await readCsv(file, {
    header: (columns) => {
      at = findColumns(file, columns, columnNames)
    },
    line: (fields) => {
      line++
      if (at === null) return
      const paymentId = fields[at.paymentId]!
      if (labels.has(paymentId))
        throw new SluiceError('FILE_INVALID', `${file}, line ${line}: a second label for one paymentId`)
      const fraud = readFlag(fields[at.fraud]!, { file, line, column: 'fraud' })
      const knownAt = fields[at.knownAt]!
      labels.set(paymentId, {
        accountId: fields[at.accountId]!,
        occurredAt: readTime(fields[at.occurredAt]!, { file, line, column: 'occurredAt' }),
        fraud,
        knownAt: knownAt === '' && !fraud ? Infinity : readTime(knownAt, { file, line, column: 'knownAt' }),
      })
    },
  })
  return labels
}
