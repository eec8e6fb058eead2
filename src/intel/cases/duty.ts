import type { CaseState } from '../../domain/case.ts'

const hourMs = 3_600_000

/** A report is due this long after the institution learned of it. */
export const dutyHours = 48
/** So many hours after `learnedAt` the clock speaks up; at the last of them the duty is breached. */
export const dutySteps = [24, 36, 44, dutyHours] as const
export type DutyStep = (typeof dutySteps)[number]

/** In these states nothing was reported yet: the clock runs. */
export const runningStates = ['DETECTED', 'VERIFIED'] as const satisfies readonly CaseState[]

const running: ReadonlySet<CaseState> = new Set(runningStates)

type Clocked = { readonly state: CaseState; readonly learnedAt: number }

/** Whether a report is still owed. */
export const isRunning = ({ state }: Pick<Clocked, 'state'>): boolean => running.has(state)

/** Hours until the report is due, negative once it is overdue; NaN where none is owed any more. */
export const hoursLeft = (of: Clocked, now: number): number =>
  isRunning(of) ? dutyHours - (now - of.learnedAt) / hourMs : NaN

/** The steps that are reached and not yet told, earliest first. */
export const stepsDue = (
  of: Clocked & { readonly told: ReadonlySet<number> },
  now: number,
): readonly DutyStep[] =>
  isRunning(of)
    ? dutySteps.filter((hours) => now >= of.learnedAt + hours * hourMs && !of.told.has(hours))
    : []
