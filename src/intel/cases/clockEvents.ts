import type { CaseEvent } from '../../domain/case.ts'
import { dutyHours, stepsDue } from './duty.ts'
import type { Case } from './register.ts'

/** What the clock has to say of these cases now, earliest first. @param now epoch ms */
export const clockEvents = (cases: Iterable<Case>, now: number): readonly CaseEvent[] => {
  const due = [...cases].flatMap((known) => stepsDue(known, now).map((hours) => ({ known, hours })))
  const dueAt = ({ known, hours }: (typeof due)[number]): number => known.learnedAt + hours * 3_600_000
  return due
    .toSorted((a, b) => dueAt(a) - dueAt(b))
    .map(({ known, hours }) => ({
      caseId: known.caseId,
      kind: hours === dutyHours ? 'BREACHED' : 'WARNED',
      recordedAt: now,
      commandId: null,
      actor: null,
      state: known.state,
      subject: known.subject,
      subjectId: known.subjectId,
      learnedAt: known.learnedAt,
      embargoUntil: known.embargoUntil,
      hours,
      note: null,
      refusal: null,
    }))
}
