import type { CaseCommand, CaseEvent, CaseState } from '../../domain/case.ts'
import type { Case } from './register.ts'

type Known = Pick<Case, 'state' | 'subject' | 'subjectId' | 'learnedAt' | 'embargoUntil'>

/** Of a case that there is not. */
const nothing = {
  state: 'UNKNOWN',
  subject: 'UNKNOWN',
  subjectId: null,
  learnedAt: null,
  embargoUntil: null,
} as const

const nextOf: Readonly<Partial<Record<CaseState, CaseState>>> = {
  DETECTED: 'VERIFIED',
  VERIFIED: 'REPORTED',
  REPORTED: 'ACKNOWLEDGED',
  ACKNOWLEDGED: 'CLOSED',
}

/** Closing these leaves a report unwritten, so it takes a reason: a false alarm, a duplicate. */
const closedWithReason: ReadonlySet<CaseState> = new Set(['DETECTED', 'VERIFIED'])

const openingFault = (command: CaseCommand, known: Known | undefined, now: number): string | null => {
  if (known !== undefined) return `expected a new case id, and there is such a case (${known.state})`
  if (command.subject === 'UNKNOWN' || command.subjectId === null)
    return 'expected the kind and the id of a subject'
  if (command.learnedAt === null) return 'expected the time at which it was learned of'
  if (command.learnedAt > now) return 'expected a time that has come, found one in the future'
  return null
}

const advanceFault = (command: CaseCommand, { state }: Known): string | null => {
  if (command.state === nextOf[state]) return null
  const next = nextOf[state]
  if (next === undefined) return `expected a case that is open, and it is ${state}`
  const mayClose = closedWithReason.has(state)
  if (mayClose && command.state === 'CLOSED')
    return command.note === null ? `expected a note with the reason: nothing was reported yet` : null
  return `expected ${next}${mayClose ? ' or CLOSED' : ''} after ${state}, found ${command.state}`
}

const faultOf = (command: CaseCommand, known: Known | undefined, now: number): string | null => {
  if (command.kind === 'OPEN') return openingFault(command, known, now)
  if (known === undefined) return 'expected the id of a case, and there is none with this id'
  switch (command.kind) {
    case 'ADVANCE':
      return advanceFault(command, known)
    case 'NOTE':
      return command.note === null ? 'expected a note' : null
    case 'EMBARGO':
      return null
    default:
      return 'expected OPEN, ADVANCE, NOTE or EMBARGO'
  }
}

const kinds = { OPEN: 'OPENED', ADVANCE: 'ADVANCED', NOTE: 'NOTED', EMBARGO: 'EMBARGOED' } as const

/** What the log is to say of a command: what it did, or why it is refused. @param now epoch ms */
export const answerTo = (command: CaseCommand, known: Known | undefined, now: number): CaseEvent => {
  const { caseId, commandId, actor, note, kind } = command
  const { state, subject, subjectId, learnedAt, embargoUntil } = known ?? nothing
  const same = { state, subject, subjectId, learnedAt, embargoUntil }
  const common = { caseId, recordedAt: now, commandId, actor, hours: null, note, refusal: null }
  const refusal = faultOf(command, known, now)
  if (refusal !== null || kind === 'UNKNOWN') return { ...common, ...same, kind: 'REFUSED', refusal }
  const told = { ...common, ...same, kind: kinds[kind] }
  switch (kind) {
    case 'OPEN':
      return {
        ...told,
        state: 'DETECTED',
        subject: command.subject,
        subjectId: command.subjectId,
        learnedAt: command.learnedAt,
        embargoUntil: command.embargoUntil,
      }
    case 'ADVANCE':
      return { ...told, state: command.state }
    case 'EMBARGO':
      return { ...told, embargoUntil: command.embargoUntil }
    case 'NOTE':
      return told
  }
}
