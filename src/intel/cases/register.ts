import type { CaseEntry, CaseState, CaseSubject } from '../../domain/case.ts'

/** A case as its entries made it. */
export type Case = {
  readonly caseId: string
  readonly state: CaseState
  readonly subject: CaseSubject
  readonly subjectId: string
  /** Epoch ms. */
  readonly learnedAt: number
  /** Epoch ms; null: none. */
  readonly embargoUntil: number | null
  /** Steps of the clock that the log holds already. */
  readonly told: ReadonlySet<number>
  readonly openedAt: number
  /** When the case last changed, epoch ms. */
  readonly changedAt: number
}

/** All cases, as the entries of `cases` up to now tell. */
export type Register = {
  readonly caseOf: (caseId: string) => Case | undefined
  readonly cases: () => Iterable<Case>
  /** Whether a command was answered already, be it with a refusal. */
  readonly isAnswered: (commandId: string) => boolean
  readonly add: (entry: CaseEntry) => void
}

const opened = (entry: CaseEntry): Case => ({
  caseId: entry.caseId,
  state: entry.state,
  subject: entry.subject,
  subjectId: entry.subjectId ?? '',
  learnedAt: entry.learnedAt ?? NaN,
  embargoUntil: entry.embargoUntil,
  told: new Set(),
  openedAt: entry.recordedAt,
  changedAt: entry.recordedAt,
})

const changed = (before: Case, entry: CaseEntry): Case => {
  switch (entry.kind) {
    case 'ADVANCED':
      return { ...before, state: entry.state, changedAt: entry.recordedAt }
    case 'EMBARGOED':
      return { ...before, embargoUntil: entry.embargoUntil, changedAt: entry.recordedAt }
    case 'WARNED':
    case 'BREACHED':
      return { ...before, told: new Set([...before.told, entry.hours ?? NaN]) }
    default:
      return before
  }
}

/** A register without a case; whoever has the log adds its entries in their order. */
export const createRegister = (): Register => {
  const cases = new Map<string, Case>()
  const answered = new Set<string>()
  return {
    caseOf: (caseId) => cases.get(caseId),
    cases: () => cases.values(),
    isAnswered: (commandId) => answered.has(commandId),
    add: (entry) => {
      if (entry.commandId !== null) answered.add(entry.commandId)
      if (entry.kind === 'OPENED') cases.set(entry.caseId, opened(entry))
      const before = cases.get(entry.caseId)
      if (before !== undefined) cases.set(entry.caseId, changed(before, entry))
    },
  }
}
