import { outcomes } from '../../../domain/outcome.ts'
import type { Latencies, Snapshot } from '../tally.ts'
import { count, millis, seconds, share, span } from './numbers.ts'

export type Course = {
  readonly ratePerSecond: number
  readonly seconds: number
  readonly elapsedMs: number
  /** Simulated milliseconds in one of ours; null where that cannot be said. */
  readonly timeLapse: number | null
  readonly snapshot: Snapshot
}

const latencyText = (latency: Latencies | null): string =>
  latency === null
    ? 'none yet'
    : `p50 ${millis(latency.p50)}   p99 ${millis(latency.p99)}   p99.9 ${millis(latency.p999)}   max ${millis(latency.max)} ms`

const lapseText = (timeLapse: number | null): string =>
  timeLapse === null ? '' : `, one second here is ${span(timeLapse * 1_000)} there`

/** The table that is drawn again and again on a terminal. */
export const tableLines = (course: Course): readonly string[] => {
  const { ratePerSecond, elapsedMs, snapshot } = course
  const { sent, decided, fraud, outcomes: given } = snapshot
  const rate = sent === 0 ? 0 : (sent * 1_000) / Math.max(elapsedMs, 1)
  const row = (name: string, text: string): string => `  ${name.padEnd(13)}${text}`
  const number = (value: number): string => count(value).padStart(9)
  return [
    row('time', `${seconds(elapsedMs)} of ${course.seconds} s${lapseText(course.timeLapse)}`),
    row('sent', `${number(sent)}   ${rate.toFixed(0)}/s of ${ratePerSecond}/s`),
    row('decided', `${number(decided)}   ${count(sent - decided)} under way`),
    ...outcomes.map((outcome) =>
      row(`  ${outcome}`, `${number(given[outcome])}   ${share(given[outcome], decided)}`),
    ),
    row('latency', latencyText(snapshot.latencyMs)),
    row('fraud', `${count(fraud.caught)} caught   ${count(fraud.missed)} missed`),
    row('good stopped', share(snapshot.goodStopped, decided - fraud.caught - fraud.missed)),
    row('degraded', `${count(snapshot.degraded)}   late ${count(snapshot.late)}`),
  ]
}

/** The same in one line, for where nobody watches. */
export const progressLine = ({ elapsedMs, snapshot }: Course): string => {
  const { sent, decided, outcomes: given, fraud, latencyMs } = snapshot
  const shares = outcomes.map((outcome) => `${outcome} ${share(given[outcome], decided)}`).join(', ')
  return [
    `${seconds(elapsedMs)}: ${count(sent)} sent, ${count(decided)} decided`,
    shares,
    `latency ${latencyText(latencyMs)}`,
    `fraud ${fraud.caught} caught, ${fraud.missed} missed`,
    `good stopped ${share(snapshot.goodStopped, decided - fraud.caught - fraud.missed)}`,
    `degraded ${count(snapshot.degraded)}`,
  ].join('; ')
}
