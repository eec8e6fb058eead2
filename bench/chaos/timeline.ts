import { median } from '../statistics.ts'
import type { Answered } from './program.ts'

/** One second of a run, by intended time of the payments. */
export type Second = {
  readonly sent: number
  readonly answered: number
  /** Intended send to receipt of the answer, ms; NaN: none was answered. */
  readonly medianMs: number
  readonly maxMs: number
}

/** The run second by second: what a curve is drawn from. */
export const timelineOf = (payments: readonly Answered[]): readonly Second[] => {
  const startedAt = payments[0]?.intendedAt ?? NaN
  const seconds: Answered[][] = []
  for (const payment of payments)
    (seconds[Math.floor((payment.intendedAt - startedAt) / 1_000)] ??= []).push(payment)
  return seconds.map((those) => {
    const waits = those
      .map(({ intendedAt, receivedAt }) => receivedAt - intendedAt)
      .filter((ms) => !Number.isNaN(ms))
    return {
      sent: those.length,
      answered: waits.length,
      medianMs: median(waits),
      maxMs: waits.length === 0 ? NaN : Math.max(...waits),
    }
  })
}
