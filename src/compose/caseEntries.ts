import { SluiceError } from '../errors.ts'
import type { CaseEntry } from '../domain/case.ts'
import { hashOf } from '../intel/cases/chain.ts'
import type { StoredEntry } from '../intel/cases/verify.ts'
import type { Codec } from '../stream/codec/codec.ts'
import type { RawRecord } from '../stream/record.ts'

/** The header beside an entry that holds the SHA-256 of its bytes, hexadecimal. */
const hashHeader = 'sha256'

/** An entry as a record of `cases`. */
export const entryMessage = (bytes: Buffer, { caseId }: Pick<CaseEntry, 'caseId'>) => ({
  partition: 0,
  key: caseId,
  value: bytes,
  headers: { [hashHeader]: hashOf(bytes) },
})

/** A record of `cases`, whatever it holds, for who verifies the chain. */
export const storedEntry = ({ offset, value, headers }: RawRecord, codec: Codec<CaseEntry>): StoredEntry => {
  const bytes = value ?? Buffer.alloc(0)
  const read = codec.read(bytes)
  const statedHash = headers[hashHeader]?.toString() ?? null
  return { offset, bytes, entry: read.ok ? read.value : null, statedHash }
}

/** @throws SluiceError CASES_BROKEN where a record holds no entry, or not the one that follows `last` */
export const followingEntry = (
  record: RawRecord,
  codec: Codec<CaseEntry>,
  last: { readonly sequence: number; readonly hash: string },
): { readonly entry: CaseEntry; readonly hash: string } => {
  const { entry, bytes, offset } = storedEntry(record, codec)
  if (entry === null || entry.sequence !== last.sequence + 1 || entry.previousHash !== last.hash)
    throw new SluiceError(
      'CASES_BROKEN',
      `cases, offset ${offset}: expected entry ${last.sequence + 1} of the chain; \`sluice cases verify\` says what is wrong`,
    )
  return { entry, hash: hashOf(bytes) }
}
