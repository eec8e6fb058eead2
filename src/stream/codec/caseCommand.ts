import { caseCommandKinds, caseStates, caseSubjects, type CaseCommand } from '../../domain/case.ts'
import { nullable, record, type Check } from './check.ts'
import { createCodec, type Codec } from './codec.ts'
import type { Schemas } from './schemas.ts'
import { createSideDecoder, type SideDecoder, type SideDecoderDeps } from './sideDecoder.ts'
import * as value from './values.ts'

export const longestNote = 2_000

const checkCaseCommand: Check<CaseCommand> = record<CaseCommand>({
  commandId: value.id,
  caseId: value.id,
  kind: value.symbol(caseCommandKinds),
  actor: value.text(128),
  subject: value.symbol(caseSubjects),
  subjectId: nullable(value.id),
  learnedAt: nullable(value.moment),
  state: value.symbol(caseStates),
  embargoUntil: nullable(value.moment),
  note: nullable(value.text(longestNote)),
})

export const createCaseCommandCodec = (schemas: Schemas): Codec<CaseCommand> =>
  createCodec(schemas, { record: 'CaseCommand', version: 1 }, checkCaseCommand)

/** The topic `case-commands`. Never throws. What the times are worth the case log says, where whoever asked can read it. */
export const createCaseCommandDecoder = (deps: SideDecoderDeps): SideDecoder<CaseCommand> =>
  createSideDecoder(createCaseCommandCodec(deps.schemas), deps, () => ({}))
