import { SluiceError } from '../errors.ts'
import type { CaseEntry } from '../domain/case.ts'
import type { StoredEntry } from '../intel/cases/verify.ts'
import type { Codec } from '../stream/codec/codec.ts'

/** The entries as lines of offset, the SHA-256 beside the bytes (or -), and the bytes in base64. */
export const archiveText = (stored: readonly StoredEntry[]): string =>
  stored
    .map(
      ({ offset, statedHash, bytes }) =>
        `${offset} ${statedHash ?? '-'} ${Buffer.from(bytes).toString('base64')}\n`,
    )
    .join('')

const linePattern = /^(?<offset>\d{1,15}) (?<hash>[0-9a-f]{64}|-) (?<bytes>[A-Za-z0-9+/]*={0,2})$/

/** @throws SluiceError FILE_INVALID */
export const parseArchive = (text: string, codec: Codec<CaseEntry>): readonly StoredEntry[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      const { offset, hash, bytes: base64 } = linePattern.exec(line)?.groups ?? {}
      if (offset === undefined || hash === undefined || base64 === undefined)
        throw new SluiceError('FILE_INVALID', `line ${index + 1}: expected an offset, a SHA-256 and base64`)
      const bytes = Buffer.from(base64, 'base64')
      const read = codec.read(bytes)
      return {
        offset: Number(offset),
        bytes,
        entry: read.ok ? read.value : null,
        statedHash: hash === '-' ? null : hash,
      }
    })
