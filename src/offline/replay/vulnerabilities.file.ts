import type { Vulnerability } from '../../domain/vulnerability.ts'
import { SluiceError } from '../../errors.ts'
import { readRecordRows } from '../files/records.file.ts'
import type { Row } from '../files/row.ts'
import { vulnerabilityFormat } from '../vulnerabilities/format.ts'
import type { Arrival, Arrivals } from './arrivals.ts'
import { recordTimestampOf } from './recordTimestamp.ts'

/** The latest time that a record states: before that it cannot have been written. */
const latestOf = ({ publishedAt, modifiedAt, kev, epss }: Vulnerability): number | null => {
  const stated = [publishedAt, modifiedAt, kev?.dateAdded ?? null, epss?.date ?? null]
  const known = stated.filter((at) => at !== null)
  return known.length === 0 ? null : Math.max(...known)
}

const arrivalOf = (vulnerability: Vulnerability, row: Row): Arrival => {
  const at = recordTimestampOf(row) ?? latestOf(vulnerability)
  if (at !== null) return { at, event: { kind: 'vulnerability', vulnerability } }
  throw new SluiceError(
    'FILE_INVALID',
    `${row.file}, line ${row.line}: expected recordTimestamp, publishedAt or another time at which it was known`,
  )
}

/** In the order in which they were known; a payment sees what was known before it. @throws SluiceError FILE_INVALID */
export async function* vulnerabilityArrivals(file: string): Arrivals {
  const arrivals: Arrival[] = []
  for await (const some of readRecordRows(file, vulnerabilityFormat))
    arrivals.push(...some.map(({ record, row }) => arrivalOf(record, row)))
  yield arrivals.toSorted((a, b) => a.at - b.at)
}
