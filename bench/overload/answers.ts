import type { AnswerTimes } from './program.ts'

/** From one moment to before another, ms from the start of a run. */
export type Stretch = { readonly fromMs: number; readonly toMs: number }

/** Payments a second that were decided in a stretch; NaN where it has no length. */
export const decidedPerSecond = ({ decidedMs }: AnswerTimes, { fromMs, toMs }: Stretch): number => {
  if (toMs <= fromMs) return NaN
  const count = decidedMs.filter((at) => at !== null && at >= fromMs && at < toMs).length
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

/** Overdue answers that came from a moment on. */
export const overdueFrom = (
  { intendedMs, answeredMs }: AnswerTimes,
  deadlineMs: number,
  fromMs: number,
): number =>
  answeredMs.filter((at, i) => at !== null && at >= fromMs && at - (intendedMs[i] ?? NaN) > deadlineMs).length

/** Answers are looked at in slices of the time at which they came. */
const sliceMs = 250
/** Of a slice so many must have come within the deadline. */
const insideShare = 0.99
/** So long it must stay like that, or to the end of the run. */
const steadyMs = 10_000

type Slice = { all: number; inside: number }

const slicesOf = ({ intendedMs, answeredMs }: AnswerTimes, sinceMs: number, deadlineMs: number) => {
  const slices: (Slice | undefined)[] = []
  for (const [i, answered] of answeredMs.entries()) {
    if (answered === null || answered < sinceMs) continue
    const slice = (slices[Math.floor((answered - sinceMs) / sliceMs)] ??= { all: 0, inside: 0 })
    slice.all += 1
    if (answered - (intendedMs[i] ?? NaN) <= deadlineMs) slice.inside += 1
  }
  return slices
}

/**
 * Ms after `sinceMs` until answers come within the deadline and stay so. 0: they did not leave it after that moment.
 * NaN: they were never inside again.
 */
export const insideAgainMs = (times: AnswerTimes, sinceMs: number, deadlineMs: number): number => {
  const slices = slicesOf(times, sinceMs, deadlineMs)
  const isOutside = (slice: Slice | undefined): boolean =>
    slice !== undefined && slice.inside < insideShare * slice.all
  let from = 0
  for (const [i, slice] of slices.entries()) {
    if ((i - from) * sliceMs >= steadyMs) break
    if (isOutside(slice)) from = i + 1
  }
  return from >= slices.length ? NaN : from * sliceMs
}
