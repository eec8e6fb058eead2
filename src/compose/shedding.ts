import { createNameShed } from '../decision/shed.ts'
import type { Assessed } from '../domain/decision.ts'
import type { Received } from '../domain/received.ts'
import { sheddable, type ShedLevel } from '../domain/shedding.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { recordTime } from '../stream/codec/clock.ts'
import type { Deciding, Stages } from '../stream/flow.ts'
import { createOverload } from '../stream/overload.ts'

export type SheddingDeps = {
  readonly deadlineMs: number
  /** Of the deadline; 0: nothing is left out for the time that payments have waited in Kafka. */
  readonly fromShare: number
  /** No model in shadow is asked about a payment that this instance has had for longer. */
  readonly shadowBudgetMs: number
  readonly metrics: Pick<Metrics, 'countShed' | 'setShedLevel'>
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Milliseconds that never step back. */
  readonly monotonic: () => number
}

export type Shedding = {
  /** The same stages; while payments wait too long they leave out what a decision can do without. */
  readonly shed: <Recalled>(stages: Stages<Recalled>) => Stages<Recalled>
  readonly stop: () => void
}

/** Work comes back after payments have been in time for so long. */
const calmMs = 1_000

/**
 * Half of them are at least as old. A few old ones order nothing: where producers write timestamps they may lie. One
 * that has none says nothing of its age.
 */
const medianAge = (received: readonly Received[], now: number): number => {
  const times = Float64Array.from(received, ({ source }) => recordTime(source, () => now)).sort()
  return now - (times[Math.floor(times.length / 2)] ?? now)
}

const countNames = (assessed: readonly Assessed[], count: (work: string, payments: number) => void): void => {
  for (const work of sheddable) {
    const payments = assessed.reduce((sum, { shed }) => sum + (shed.includes(work) ? 1 : 0), 0)
    if (payments > 0) count(work, payments)
  }
}

type LeavingDeps = {
  /** What entered before this moment is not asked about in shadow; as `enteredAt` counts. */
  readonly staleBefore: () => number
  readonly count: (work: string, payments: number) => void
}

/** What one bundle does at one level; at level 0 late and stale payments go without some of it. */
const leaving = <Recalled>(
  level: ShedLevel,
  whole: Deciding<Recalled>,
  { staleBefore, count }: LeavingDeps,
): Deciding<Recalled> => {
  const nameShed = createNameShed(level, {
    hasChallengers: whole.secondOpinions !== null,
    hasOptionalFeatures: whole.enrichLean !== null,
  })
  const explain = level < 2 ? whole.explain : (assessed: readonly Assessed[]) => assessed
  return {
    ...whole,
    enrich: level < 3 ? whole.enrich : (whole.enrichLean ?? whole.enrich),
    secondOpinions: level < 1 ? whole.secondOpinions : null,
    explain: (assessed) => {
      const before = staleBefore()
      const named = explain(assessed.map((each) => nameShed(each, before)))
      countNames(named, count)
      return named
    },
  }
}

/** By bundle and level, each made once. */
const createLeaving = <Recalled>(deps: LeavingDeps) => {
  const made = new WeakMap<Deciding<Recalled>, Map<ShedLevel, Deciding<Recalled>>>()
  return (level: ShedLevel, whole: Deciding<Recalled>): Deciding<Recalled> => {
    const byLevel = made.get(whole) ?? new Map<ShedLevel, Deciding<Recalled>>()
    made.set(whole, byLevel)
    const known = byLevel.get(level) ?? leaving(level, whole, deps)
    byLevel.set(level, known)
    return known
  }
}

/** Looks at how old payments are when their histories are asked for, and leaves work out by that. */
export const openShedding = (deps: SheddingDeps): Shedding => {
  const { deadlineMs, fromShare, shadowBudgetMs, metrics, log, now, monotonic } = deps
  const overload = createOverload({ deadlineMs, fromShare, calmMs })
  let told: ShedLevel = 0
  metrics.setShedLevel(0)

  const tell = (level: ShedLevel): void => {
    if (level === told) return
    const leftOut = sheddable.slice(0, level)
    if (level > told)
      log.warn({ shedLevel: level, leftOut }, 'payments wait too long: work beside them is left out')
    else log.info({ shedLevel: level, leftOut }, 'payments wait less: work that was left out comes back')
    told = level
    metrics.setShedLevel(level)
  }

  const timer = setInterval(() => tell(overload.rest(monotonic())), calmMs)
  timer.unref()

  return {
    shed: <Recalled>(stages: Stages<Recalled>): Stages<Recalled> => {
      const leave = createLeaving<Recalled>({
        staleBefore: () => monotonic() - shadowBudgetMs,
        count: metrics.countShed,
      })
      return {
        ...stages,
        recall: (received) => {
          if (received.length > 0) tell(overload.see(medianAge(received, now()), monotonic()))
          return stages.recall(received)
        },
        deciding: () => leave(overload.level(), stages.deciding()),
      }
    },
    stop: () => clearInterval(timer),
  }
}
