import type { AnswerTimes } from './program.ts'

/** From one moment to before another, ms from the start of a run. */
export type Stretch = { readonly fromMs: number; readonly toMs: number }

/** Answers a second that came in a stretch; NaN where it has no length. */
export const answeredPerSecond = ({ answeredMs }: AnswerTimes, { fromMs, toMs }: Stretch): number => {
  if (toMs <= fromMs) return NaN
  const count = answeredMs.filter((at) => at !== null && at >= fromMs && at < toMs).length
  return (count * 1_000) / (toMs - fromMs)
}

/** Payments that were meant to be sent by then and had no answer yet. */
export const backlogAt = ({ intendedMs, answeredMs }: AnswerTimes, atMs: number): number =>
  intendedMs.filter((sent, i) => sent <= atMs && (answeredMs[i] ?? Infinity) > atMs).length

export const unanswered = ({ answeredMs }: AnswerTimes): number =>
  answeredMs.filter((at) => at === null).length

/** Answers that took longer than that; what was never answered is one of them. */
export const overdue = ({ intendedMs, answeredMs }: AnswerTimes, deadlineMs: number): number =>
  intendedMs.filter((sent, i) => (answeredMs[i] ?? Infinity) - sent > deadlineMs).length

/** Answers are looked at in slices of the time at which they came. */
const sliceMs = 250
/** Of a slice so many must have come within the deadline. */
const insideShare = 0.99

/**
 * Ms after `sinceMs` until answers come within the deadline and stay so to the end of the run. 0: they never left it
 * after that moment. NaN: they were not inside at the end, or a payment has no answer.
 */
export const insideAgainMs = (times: AnswerTimes, sinceMs: number, deadlineMs: number): number => {
  const slices: { all: number; inside: number }[] = []
  for (const [i, answered] of times.answeredMs.entries()) {
    if (answered === null) return NaN
    if (answered < sinceMs) continue
    const slice = (slices[Math.floor((answered - sinceMs) / sliceMs)] ??= { all: 0, inside: 0 })
    slice.all += 1
    if (answered - (times.intendedMs[i] ?? NaN) <= deadlineMs) slice.inside += 1
  }
  const last = slices.findLastIndex((slice) => slice !== undefined && slice.inside < insideShare * slice.all)
  return last >= slices.length - 1 && last >= 0 ? NaN : (last + 1) * sliceMs
}
