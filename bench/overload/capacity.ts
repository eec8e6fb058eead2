import type { Phase } from '../arrivals.ts'
import { decidedPerSecond } from './answers.ts'
import type { AnswerTimes } from './program.ts'

/** Share of a probe that only warms up: code is compiled, copies of histories are read. */
const warmUpShare = 0.4

/** How a capacity was measured: working off a backlog alone, or beside a generator that sends more than is decided. */
export const capacityKinds = ['drained', 'beside'] as const
export type CapacityKind = (typeof capacityKinds)[number]

/** Payments a second. `drained` is NaN where nothing worth measuring was left when the generator had ended. */
export type Capacity = Readonly<Record<CapacityKind, number>>

const leastDrainMs = 1_000

/** Of a probe that offers more than is decided, and is then worked off. */
export const capacityOf = (times: AnswerTimes, { seconds }: Phase): Capacity => {
  const sentMs = seconds * 1_000
  const endMs = times.decidedMs.reduce<number>((most, at) => Math.max(most, at ?? 0), 0)
  return {
    beside: decidedPerSecond(times, { fromMs: sentMs * warmUpShare, toMs: sentMs }),
    drained: endMs - sentMs < leastDrainMs ? NaN : decidedPerSecond(times, { fromMs: sentMs, toMs: endMs }),
  }
}

export const surgeShare = 1.5
export const calmShare = 0.5

/** A probe: what was decided a second, and what a payment cost. */
export type Probed = {
  readonly capacity: number
  /** CPU of processor and Redis a payment, microseconds. */
  readonly cpuMicros: number
  /** Payments that work was left out of, by work. */
  readonly leftOut: Readonly<Record<string, number>>
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length

/** What several probes of one kind come to. */
export const togetherOf = (probes: readonly Probed[]): Probed => ({
  capacity: mean(probes.map(({ capacity }) => capacity)),
  cpuMicros: mean(probes.map(({ cpuMicros }) => cpuMicros)),
  leftOut: probes.reduce<Record<string, number>>((sum, { leftOut }) => {
    for (const [work, payments] of Object.entries(leftOut)) sum[work] = (sum[work] ?? 0) + payments
    return sum
  }, {}),
})

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
