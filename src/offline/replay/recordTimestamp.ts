import { SluiceError } from '../../errors.ts'
import { time } from '../files/columns.ts'
import type { Row } from '../files/row.ts'

/** What stands for Kafka's timestamp of the record; null: the file does not say. @throws SluiceError FILE_INVALID */
export const recordTimestampOf = (row: Row): number | null => {
  const given = row.get('recordTimestamp')
  if (given === undefined || given === null) return null
  const at = time.take(given)
  if (typeof at === 'number' && Number.isSafeInteger(at)) return at
  throw new SluiceError(
    'FILE_INVALID',
    `${row.file}, line ${row.line}, column recordTimestamp: expected ${time.expected}`,
  )
}
