import type { Findings } from '../../test/checker/verdict.ts'
import type { Phase } from '../arrivals.ts'
import { backlogAt, insideAgainMs, overdue, overdueFrom, unanswered } from './answers.ts'
import { boundS, type Capacities, type Probed } from './capacity.ts'
import type { Run } from './run.ts'

export type Verdict = {
  readonly capacities: Capacities
  /** Of processor and Redis a payment, microseconds. */
  readonly cpuMicros: { readonly whole: number; readonly shedding: number }
  /** What was left out where nothing was to be. */
  readonly leftOutOfWhole: number
  /** Payments a second. */
  readonly surgePerSecond: number
  readonly calmPerSecond: number
  readonly offered: number
  /** Payments for which the switch got no answer. */
  readonly unanswered: number
  /** As the switch saw it, counted from the intended moment of sending. */
  readonly overdue: number
  /** Of those, answers that came when all was inside the deadline again. */
  readonly overdueAfter: number
  readonly late: number
  readonly leftOut: Readonly<Record<string, number>>
  readonly backlog: number
  /** Seconds from the end of the surge; NaN: not in time. */
  readonly insideAgainS: number
  readonly boundS: number
  readonly slowestSendMs: number
  /** MiB: all that was resident at most and at the end, and what it was at most beside the copies of histories. */
  readonly memory: { readonly most: number; readonly last: number; readonly mostBeside: number }
  readonly findings: Findings
  /** Goals that were missed, in words. */
  readonly missed: readonly string[]
}

const memoryGoalMib = 600
const most = (values: readonly number[]): number => (values.length === 0 ? NaN : Math.max(...values))

export type Measured = {
  readonly run: Run
  readonly phases: readonly [Phase, Phase, Phase]
  readonly probed: { readonly whole: Probed; readonly shedding: Probed }
  readonly findings: Findings
  readonly deadlineMs: number
}

/** What a run comes to, and which goals it missed. */
export const verdictOf = ({ run, phases, probed, findings, deadlineMs }: Measured): Verdict => {
  const [warmUp, surge, calm] = phases
  const surgeEndsMs = (warmUp.seconds + surge.seconds) * 1_000
  const { times, memory, shed } = run
  const capacities = { whole: probed.whole.capacity, shedding: probed.shedding.capacity }
  const backlog = backlogAt(times, surgeEndsMs)
  const insideAgain = insideAgainMs(times, surgeEndsMs, deadlineMs)
  const verdict = {
    capacities,
    cpuMicros: { whole: probed.whole.cpuMicros, shedding: probed.shedding.cpuMicros },
    leftOutOfWhole: Object.values(probed.whole.leftOut).reduce((sum, payments) => sum + payments, 0),
    surgePerSecond: surge.perSecond,
    calmPerSecond: calm.perSecond,
    offered: times.intendedMs.length,
    unanswered: unanswered(times),
    overdue: overdue(times, deadlineMs),
    overdueAfter: overdueFrom(times, deadlineMs, surgeEndsMs + insideAgain),
    ...shed,
    backlog,
    insideAgainS: insideAgain / 1_000,
    boundS: boundS(backlog, capacities),
    slowestSendMs: run.slowestSendMs,
    memory: {
      most: most(memory.map(({ rssMib }) => rssMib)),
      last: memory.at(-1)?.rssMib ?? NaN,
      mostBeside: most(memory.map(({ rssMib, copiesMib }) => rssMib - copiesMib)),
    },
    findings,
  }
  return { ...verdict, missed: missedIn(verdict) }
}

/** What cannot be known is missed. */
const missedIn = (verdict: Omit<Verdict, 'missed'>): readonly string[] => {
  const { unanswered: open, findings, memory, insideAgainS, boundS: bound } = verdict
  const { cpuMicros, leftOutOfWhole } = verdict
  const wrong = ['missing', 'contradictory', 'unasked', 'disordered', 'unflagged', 'misflagged'] as const
  return [
    ...(open === 0 ? [] : [`${open} payments without an answer`]),
    ...wrong.flatMap((name) =>
      findings[name].length === 0
        ? []
        : [`the checker finds ${name}: ${findings[name].slice(0, 5).join(', ')}`],
    ),
    ...(memory.mostBeside <= memoryGoalMib
      ? []
      : [`${memory.mostBeside.toFixed(0)} MiB beside the copies, ${memoryGoalMib} at most`]),
    ...(leftOutOfWhole === 0
      ? []
      : [`work was left out ${leftOutOfWhole} times where capacity with nothing left out was measured`]),
    ...(cpuMicros.shedding < cpuMicros.whole
      ? []
      : [
          `a payment costs ${cpuMicros.shedding.toFixed(0)} us of CPU while shedding, ${cpuMicros.whole.toFixed(0)} with nothing left out`,
        ]),
    ...(bound >= 0
      ? []
      : ['the capacity while shedding is no more than half of the capacity: there is no bound']),
    ...(insideAgainS <= bound
      ? []
      : [`inside the deadline after ${insideAgainS.toFixed(1)} s, ${bound.toFixed(1)} at most`]),
  ]
}
