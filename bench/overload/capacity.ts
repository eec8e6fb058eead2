import type { Phase } from '../arrivals.ts'
import { answeredPerSecond, backlogAt } from './answers.ts'
import type { AnswerTimes } from './program.ts'

/** Share of a probe that only warms up: code is compiled, copies of histories are read. */
const warmUpShare = 0.4

export type Capacity = {
  /** Payments a second that were decided while more came. */
  readonly perSecond: number
  /** false: hardly anything waited at the end, so the instance could have decided more. */
  readonly isSaturated: boolean
}

/** So many seconds of what is decided must wait at the end of a probe that was too much. */
const saturatedSeconds = 0.5

/** What was decided a second after the warm-up, while payments came faster than that. */
export const capacityOf = (times: AnswerTimes, { seconds }: Phase): Capacity => {
  const toMs = seconds * 1_000
  const perSecond = answeredPerSecond(times, { fromMs: toMs * warmUpShare, toMs })
  return { perSecond, isSaturated: backlogAt(times, toMs) > perSecond * saturatedSeconds }
}

export const surgeShare = 1.5
export const calmShare = 0.5

export type Capacities = {
  /** Payments a second, with nothing left out. */
  readonly whole: number
  /** Payments a second, leaving out what can be. */
  readonly shedding: number
}

/**
 * What a switch may wait for: 1.5 times the backlog over what is decided beyond what comes. Seconds; NaN where nothing
 * is: then there is no bound.
 */
export const boundS = (backlog: number, { whole, shedding }: Capacities): number => {
  const beyond = shedding - calmShare * whole
  return beyond > 0 ? (1.5 * backlog) / beyond : NaN
}

const warmUpSeconds = 8
const marginSeconds = 10
const longestCalmSeconds = 90

/** Calm, so that the instance is warm; the surge; and calm for longer than the bound, as far as it can be known. */
export const phasesOf = (capacities: Capacities, surgeSeconds: number): readonly [Phase, Phase, Phase] => {
  const { whole, shedding } = capacities
  const calm = Math.max(1, Math.round(calmShare * whole))
  const surge = Math.max(1, Math.round(surgeShare * whole))
  const backlog = Math.max(0, surge - Math.min(whole, shedding)) * surgeSeconds
  const expected = boundS(backlog, capacities)
  const wanted = expected > 0 ? Math.ceil(expected) + marginSeconds : longestCalmSeconds
  return [
    { perSecond: calm, seconds: warmUpSeconds },
    { perSecond: surge, seconds: surgeSeconds },
    { perSecond: calm, seconds: Math.min(longestCalmSeconds, wanted) },
  ]
}
