import { describe, expect, it } from 'vitest'
import { boundS, capacityOf, phasesOf, togetherOf } from '../../../../bench/overload/capacity.ts'
import type { AnswerTimes } from '../../../../bench/overload/program.ts'
import { timetableOf } from '../../../../bench/overload/timetable.ts'
import { verdictOf, type Measured } from '../../../../bench/overload/verdict.ts'

const deadlineMs = 1_000
const capacities = { whole: 100, shedding: 120 }
const leftOut = { challengers: 0, reasons: 0, optional_features: 0 }
const probedAt = ({ whole, shedding }: typeof capacities): Measured['probed'] => ({
  whole: { capacity: whole, cpuMicros: 150, leftOut },
  shedding: { capacity: shedding, cpuMicros: 110, leftOut: { ...leftOut, challengers: 900 } },
})
const probed = probedAt(capacities)
const phases = phasesOf(capacities, 10)
const findings = {
  sent: 0,
  answered: 0,
  missing: [],
  contradictory: [],
  duplicates: 0,
  repeated: [],
  unasked: [],
  disordered: [],
  unflagged: [],
  misflagged: [],
  heldUp: 0,
}

/** A queue with one server that decides `perSecond`. */
const served = (intendedMs: readonly number[], perSecond: number): AnswerTimes => {
  let free = 0
  const answeredMs = intendedMs.map((at) => (free = Math.max(free, at) + 1_000 / perSecond))
  return { intendedMs, answeredMs, decidedMs: answeredMs }
}

const measured = (change: Partial<Measured> = {}, perSecond = capacities.shedding): Measured => {
  const intendedMs = Array.from(timetableOf(phases))
  return {
    run: {
      kind: 'done',
      times: served(intendedMs, perSecond),
      unexpected: 0,
      slowestSendMs: 5,
      memory: [
        { atMs: 0, rssMib: 300, copiesMib: 20 },
        { atMs: 1_000, rssMib: 700, copiesMib: 200 },
        { atMs: 2_000, rssMib: 650, copiesMib: 200 },
      ],
      shed: { late: 3, leftOut: { challengers: 1_000 } },
      cpuMs: 500,
    },
    phases,
    probed,
    findings,
    deadlineMs,
    ...change,
  }
}

describe('the verdict on a surge', () => {
  it('times are even in each phase', () => {
    expect([
      ...timetableOf([
        { perSecond: 2, seconds: 1 },
        { perSecond: 4, seconds: 1 },
      ]),
    ]).toEqual([0, 500, 1_000, 1_250, 1_500, 1_750])
  })

  it('the surge is 1.5 times the capacity, then half of it for longer than the bound', () => {
    const [, surge, calm] = phases
    expect([surge.perSecond, calm.perSecond]).toEqual([150, 50])
    expect(calm.seconds).toBeGreaterThan(boundS(500, capacities))
  })

  it('capacity is what is decided while more comes and afterwards; where nothing waits it is not known', () => {
    const probe = { perSecond: 1_000, seconds: 10 }
    const intendedMs = Array.from(timetableOf([probe]))
    const busy = capacityOf(served(intendedMs, 400), probe)
    expect(busy.beside).toBeCloseTo(400, 0)
    expect(busy.drained).toBeCloseTo(400, 0)
    expect(capacityOf(served(intendedMs, 2_000), probe).drained).toBeNaN()
  })

  it('a queue that is worked off at the capacity while shedding keeps the bound', () => {
    const verdict = verdictOf(measured())
    expect(verdict.missed).toEqual([])
    // 150/s for 10 s, of which 120/s are decided; then 50/s come, so 70/s of it go.
    expect(verdict.backlog).toBeGreaterThanOrEqual(300)
    expect(verdict.backlog).toBeLessThan(305)
    expect(verdict.insideAgainS).toBeGreaterThan(2)
    expect(verdict.insideAgainS).toBeLessThan(verdict.boundS)
    expect(verdict.memory).toEqual({ most: 700, last: 650, mostBeside: 500 })
  })

  it('several probes of one kind are one: the mean, and all that was left out', () => {
    const { whole, shedding } = probed
    expect(togetherOf([whole, shedding])).toEqual({
      capacity: 110,
      cpuMicros: 130,
      leftOut: { ...leftOut, challengers: 900 },
    })
  })

  it.each<[string, Measured]>([
    ['too slow', measured({}, 90)],
    ['without a bound', measured({ probed: probedAt({ whole: 100, shedding: 50 }) })],
    [
      'a payment that costs no less while shedding',
      measured({ probed: { ...probed, shedding: { ...probed.shedding, cpuMicros: 150 } } }),
    ],
    [
      'a capacity with nothing left out at which something was',
      measured({
        probed: { ...probed, whole: { ...probed.whole, leftOut: { ...leftOut, challengers: 1 } } },
      }),
    ],
    ['a lost payment', measured({ findings: { ...findings, missing: ['pay-1/1'] } })],
    ['late and not flagged', measured({ findings: { ...findings, unflagged: ['pay-1/1'] } })],
    [
      'too much memory',
      measured({ run: { ...measured().run, memory: [{ atMs: 0, rssMib: 900, copiesMib: 200 }] } }),
    ],
    ['memory that nobody knows', measured({ run: { ...measured().run, memory: [] } })],
    [
      'a payment without an answer',
      measured({
        run: {
          ...measured().run,
          times: { intendedMs: [0, 1], answeredMs: [1, null], decidedMs: [1, null] },
        },
      }),
    ],
  ])('%s is missed', (_, given) => {
    expect(verdictOf(given).missed).not.toEqual([])
  })
})
