import { listEffects, listFlaw, listSubjects, type ListEntry } from '../../domain/listEntry.ts'
import type { Refused } from '../../domain/received.ts'
import type { RawRecord } from '../record.ts'
import { fault, nullable, record, type Check, type Fault } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import { createRecordReader } from './recordReader.ts'
import { noIds, refuse } from './refusal.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

/** Each field alone; what must hold of them together is `listFlaw`'s to say. */
export const checkListEntry: Check<ListEntry> = record<ListEntry>({
  entryId: value.id,
  effect: value.symbol(listEffects),
  subject: value.symbol(listSubjects),
  token: value.id,
  payeeId: nullable(value.id),
  ruleId: nullable(value.text(128)),
  reason: value.text(256),
  addedBy: value.text(128),
  from: value.moment,
  until: nullable(value.moment),
  comment: nullable(value.text(1_024)),
})

export const createListEntryCodec = (schemas: Schemas): Codec<ListEntry> =>
  createCodec(schemas, { record: 'ListEntry', version: 1 }, checkListEntry)

export type ListEntryDecoderDeps = {
  readonly schemas: Schemas
  readonly maxBytes: number
  /** Whether a text is an address or a network. */
  readonly isNetwork: (text: string) => boolean
}

/** The topic `policy-lists`, whose key is the entry's id: under another one it could never be taken back. Never throws. */
export const createListEntryDecoder = ({ schemas, maxBytes, isNetwork }: ListEntryDecoderDeps) => {
  const across = (entry: ListEntry, { key }: RawRecord): Fault | null => {
    if (key?.toString('utf8') !== entry.entryId)
      return {
        ...fault('INVALID_ID', 'the id of the entry as the key', key?.toString('utf8')),
        field: 'entryId',
      }
    const flaw = listFlaw(entry)
    if (flaw !== null)
      return { ...fault('INVALID_VALUE', flaw.expected, entry[flaw.field]), field: flaw.field }
    return entry.subject === 'IP' && !isNetwork(entry.token)
      ? { ...fault('INVALID_VALUE', 'an address or a network', entry.token), field: 'token' }
      : null
  }
  const read = createRecordReader(createListEntryCodec(schemas), maxBytes, across)
  return (raw: RawRecord): ListEntry | Refused => {
    const result = read(raw)
    return result.ok ? result.value : refuse(raw, result, noIds)
  }
}
