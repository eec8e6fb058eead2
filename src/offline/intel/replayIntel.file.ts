import type { Intelligence } from '../../domain/intelligence.ts'
import { SluiceError } from '../../errors.ts'
import { checkIntel, openIntelInMemory } from './checkIntel.ts'
import { readIntelFile } from './readIntel.file.ts'

/** From the beginning of time: when a list was made is not known, and its entries count for all payments. */
const listTerms = { source: 'list', at: 0, until: Infinity, confidence: NaN, tlp: 'UNMARKED' } as const

/**
 * The indicators of a file, for the payments of a replay. Each lists from `valid_from` and `created` on, as beside
 * payments that come; of earlier versions, and of when it was revoked, the file knows nothing.
 * @throws SluiceError FILE_INVALID, also if an object of it is invalid
 */
export const readReplayIntelligence = async (
  file: string,
  hashContact: (contact: string) => string,
): Promise<Intelligence> => {
  const memory = openIntelInMemory(hashContact)
  const { problems, counts } = checkIntel(
    { file, ...(await readIntelFile(file, { terms: listTerms, as: null })) },
    memory,
  )
  if (counts.invalid === 0) return memory.table
  throw new SluiceError(
    'FILE_INVALID',
    `${file}: ${counts.invalid} invalid objects (${problems[0]?.problem}); sluice intel check tells all`,
  )
}
