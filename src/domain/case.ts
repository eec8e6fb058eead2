/** Where a case stands. Each state but the last has one that follows; a case may also be closed early, with a reason. */
export const caseStates = ['UNKNOWN', 'DETECTED', 'VERIFIED', 'REPORTED', 'ACKNOWLEDGED', 'CLOSED'] as const
export type CaseState = (typeof caseStates)[number]

/** What a case is about: its subject's id is a paymentId, a CVE id, a STIX id, or a name that the operator gave. */
export const caseSubjects = ['UNKNOWN', 'INCIDENT', 'PAYMENT', 'VULNERABILITY', 'INTELLIGENCE'] as const
export type CaseSubject = (typeof caseSubjects)[number]

export const caseCommandKinds = ['UNKNOWN', 'OPEN', 'ADVANCE', 'NOTE', 'EMBARGO'] as const
export type CaseCommandKind = (typeof caseCommandKinds)[number]

/** What someone asks for, on `case-commands`. What a kind does not need is null or UNKNOWN. */
export type CaseCommand = {
  /** The same command sent again is done once. */
  readonly commandId: string
  readonly caseId: string
  readonly kind: CaseCommandKind
  /** Who asks. */
  readonly actor: string
  readonly subject: CaseSubject
  readonly subjectId: string | null
  /** When the institution learned of it, epoch ms: the clock of the reporting duty starts here. */
  readonly learnedAt: number | null
  /** The state to go to. */
  readonly state: CaseState
  /** Nothing about the subject leaves before this time, epoch ms; null with EMBARGO lifts it. */
  readonly embargoUntil: number | null
  readonly note: string | null
}

export const caseEntryKinds = [
  'UNKNOWN',
  'OPENED',
  'ADVANCED',
  'NOTED',
  'EMBARGOED',
  'WARNED',
  'BREACHED',
  'REFUSED',
] as const
export type CaseEntryKind = (typeof caseEntryKinds)[number]

/** What an entry of `cases` says, before it has its place in the chain. */
export type CaseEvent = {
  readonly caseId: string
  readonly kind: CaseEntryKind
  /** By the clock of the instance that wrote it, epoch ms. */
  readonly recordedAt: number
  /** The command that it answers; null for what the clock did. */
  readonly commandId: string | null
  readonly actor: string | null
  /** The case's state after it; UNKNOWN where there is no such case. */
  readonly state: CaseState
  readonly subject: CaseSubject
  readonly subjectId: string | null
  readonly learnedAt: number | null
  readonly embargoUntil: number | null
  /** WARNED, BREACHED: how many hours after `learnedAt` it was due. */
  readonly hours: number | null
  readonly note: string | null
  /** REFUSED: what was expected. */
  readonly refusal: string | null
}

/** An entry in its place. */
export type CaseEntry = CaseEvent & {
  /** From 1 on, without a gap. */
  readonly sequence: number
  /** SHA-256 of the bytes of the entry before it, hexadecimal; 64 zeros in the first. */
  readonly previousHash: string
}
