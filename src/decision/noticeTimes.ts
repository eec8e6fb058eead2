import type { Notice, Severity } from '../domain/decision.ts'
import { recallPayment } from './noticeEvents.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const dueWithinMs: Readonly<Record<Severity, number | null>> = {
  UNKNOWN: null,
  INFO: 7 * dayMs,
  WARNING: dayMs,
  CRITICAL: hourMs,
}

/** Where the severity's time is not the right one: whoever sleeps can still recall the next day; a patch takes a while to load. */
const ownTimes: Readonly<Record<string, number>> = {
  [recallPayment.code]: dayMs,
  UPDATE_SYSTEM: 3 * dayMs,
}

/** How long a person has to do what the notice says; null: no time is set. */
export const dueWithin = ({ code, severity }: Notice): number | null =>
  ownTimes[code] ?? dueWithinMs[severity]

/** Epoch ms by which to act. @param since epoch ms of what brought the notice about */
export const dueAtOf = (notice: Notice, since: number): number | null => {
  const within = dueWithin(notice)
  return within === null ? null : since + within
}
