import fc from 'fast-check'
import { answerTo } from '../../../src/intel/cases/answer.ts'
import { hashOf, linked, noEntry, type Head } from '../../../src/intel/cases/chain.ts'
import { createRegister } from '../../../src/intel/cases/register.ts'
import type { StoredEntry } from '../../../src/intel/cases/verify.ts'
import { createCaseEntryCodec } from '../../../src/stream/codec/caseEntry.ts'
import { loadSchemas, ownSchemasFolder } from '../../../src/stream/codec/schemas.file.ts'
import { aCommand } from './cases.ts'

export const entryCodec = createCaseEntryCodec(await loadSchemas(ownSchemasFolder))

/** What the log holds after these notes on one case. */
export const chainOf = (notes: readonly string[]): readonly StoredEntry[] => {
  const register = createRegister()
  let head: Head = noEntry
  const commands = [aCommand(), ...notes.map((note) => aCommand({ kind: 'NOTE', note }))]
  return commands.map((command, offset) => {
    const event = answerTo(command, register.caseOf(command.caseId), Date.UTC(2026, 0, 6))
    const entry = linked(event, head)
    const bytes = entryCodec.encode(entry)
    register.add(entry)
    head = { sequence: entry.sequence, hash: hashOf(bytes) }
    return { offset, bytes, entry, statedHash: head.hash }
  })
}

/** As a reader finds bytes that someone else put there. */
export const restored = (stored: StoredEntry, bytes: Buffer, statedHash = stored.statedHash): StoredEntry => {
  const read = entryCodec.read(bytes)
  return { ...stored, bytes, entry: read.ok ? read.value : null, statedHash }
}

export const anyChain = (least: number) =>
  fc
    .array(fc.string({ maxLength: 20, unit: 'grapheme-ascii' }), { minLength: least - 1, maxLength: 8 })
    .map(chainOf)
