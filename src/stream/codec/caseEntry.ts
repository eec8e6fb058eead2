import { caseEntryKinds, caseStates, caseSubjects, type CaseEntry } from '../../domain/case.ts'
import { longestNote } from './caseCommand.ts'
import { nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import * as value from './values.ts'

const checkCaseEntry: Check<CaseEntry> = record<CaseEntry>({
  sequence: value.integer(1, Number.MAX_SAFE_INTEGER),
  previousHash: value.hexadecimal,
  caseId: value.id,
  kind: value.symbol(caseEntryKinds),
  recordedAt: value.moment,
  commandId: nullable(value.id),
  actor: nullable(value.text(128)),
  state: value.symbol(caseStates),
  subject: value.symbol(caseSubjects),
  subjectId: nullable(value.id),
  learnedAt: nullable(value.moment),
  embargoUntil: nullable(value.moment),
  hours: nullable(value.integer(0, 10_000)),
  note: nullable(value.text(longestNote)),
  refusal: nullable(value.text(500)),
})

/** The topic `cases`. */
export const createCaseEntryCodec = (schemas: Schemas): Codec<CaseEntry> =>
  createCodec(schemas, { record: 'CaseEntry', version: 1 }, checkCaseEntry)
