import { quantile } from '../statistics.ts'
import type { Answered } from './program.ts'

/** A fault as it was brought about. Epoch ms. */
export type FaultAt = {
  readonly name: string
  readonly beganAt: number
  /** When nothing stood in the way of recovery any more. */
  readonly endedAt: number
}

export type Recovery = {
  readonly name: string
  /** Seconds from the start of the run. */
  readonly atS: number
  /** How long the fault lasted, seconds. */
  readonly lastedS: number
  /** What counts as recovered: the latency that nineteen payments in twenty must keep below, ms. */
  readonly limitMs: number
  /** Seconds from the fault's beginning until latency is below the limit, and stays there; NaN: not before the next fault. */
  readonly recoveredS: number
  /** Seconds from the fault's beginning until everything sent by then or meanwhile, up to the recovery, is answered. */
  readonly answeredS: number
  /** The longest that a payment waited, seconds. */
  readonly longestS: number
  /** Payments that waited for longer than the deadline. */
  readonly overdue: number
}

export type RecoveryOptions = {
  readonly deadlineMs: number
  /** So much calm before a fault says what latency is usual. */
  readonly calmMs: number
  /** So long latency must stay below the limit, and so long after the fault is over. */
  readonly steadyMs: number
}

/** Latency is looked at in slices of intended times so wide. */
const sliceMs = 250
/** Of the payments of a slice so many may be above the limit: a p95 looks at partitions that alone are silent. */
const share = 0.95
/** Twice the usual median, and not less than the usual p99: else the tail of a calm run would be no recovery. */
const limitOf = (latencies: readonly number[]): number =>
  Math.max(2 * quantile(latencies, 0.5), quantile(latencies, 0.99))

/** @param payments in the order of their intended times; one without an answer waits for ever */
export const recoveriesOf = (
  payments: readonly Answered[],
  faults: readonly FaultAt[],
  { deadlineMs, calmMs, steadyMs }: RecoveryOptions,
): readonly Recovery[] => {
  const startedAt = payments[0]?.intendedAt ?? NaN
  const latencyOf = ({ intendedAt, receivedAt }: Answered): number =>
    Number.isNaN(receivedAt) ? Infinity : receivedAt - intendedAt
  const between = (from: number, to: number): readonly Answered[] =>
    payments.filter(({ intendedAt }) => intendedAt >= from && intendedAt < to)

  let limitMs = NaN
  let isCalm = true
  return faults.map(({ name, beganAt, endedAt }, i) => {
    // After a fault from which there was no recovery its latency is not the usual one.
    if (isCalm) limitMs = limitOf(between(beganAt - calmMs, beganAt).map(latencyOf))
    const until = faults[i + 1]?.beganAt ?? Infinity
    const during = between(beganAt - sliceMs, until)
    const calmFrom = calmFromOf(
      during.map((each) => [each.intendedAt, latencyOf(each)]),
      {
        from: beganAt,
        limitMs,
        steadyMs,
        atLeastUntil: endedAt + steadyMs,
      },
    )
    isCalm = !Number.isNaN(calmFrom)
    const troubled = isCalm ? during.filter(({ intendedAt }) => intendedAt < calmFrom) : during
    const waits = troubled.map(latencyOf)
    return {
      name,
      atS: (beganAt - startedAt) / 1_000,
      lastedS: (endedAt - beganAt) / 1_000,
      limitMs,
      recoveredS: (calmFrom - beganAt) / 1_000,
      answeredS: isCalm
        ? most(troubled.map((each) => each.intendedAt + latencyOf(each) - beganAt)) / 1_000
        : NaN,
      longestS: most(waits) / 1_000,
      overdue: waits.filter((ms) => ms > deadlineMs).length,
    }
  })
}

const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0)

type Steady = {
  readonly from: number
  readonly limitMs: number
  readonly steadyMs: number
  readonly atLeastUntil: number
}

/** The first moment from which each slice keeps below the limit for so long; NaN: there is none. */
const calmFromOf = (
  points: readonly (readonly [at: number, latencyMs: number])[],
  { from, limitMs, steadyMs, atLeastUntil }: Steady,
): number => {
  const slices = new Map<number, { all: number; below: number }>()
  for (const [at, latencyMs] of points) {
    if (at < from) continue
    const key = Math.floor((at - from) / sliceMs)
    const slice = slices.get(key) ?? { all: 0, below: 0 }
    slice.all += 1
    if (latencyMs <= limitMs) slice.below += 1
    slices.set(key, slice)
  }
  let begunAt = NaN
  for (let key = 0; key <= most([...slices.keys()]); key++) {
    const slice = slices.get(key)
    const startsAt = from + key * sliceMs
    if (slice === undefined || slice.below < share * slice.all) begunAt = NaN
    else if (Number.isNaN(begunAt)) begunAt = startsAt
    const endsAt = startsAt + sliceMs
    if (endsAt - begunAt >= steadyMs && endsAt >= atLeastUntil) return begunAt
  }
  return NaN
}
