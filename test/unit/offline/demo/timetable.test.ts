import { describe, expect, it } from 'vitest'
import { createTimetable, timeLapse } from '../../../../src/offline/demo/timetable.ts'
import { paymentEvent, reportEvent } from '../../../support/simulated.ts'

const events = [
  reportEvent('r1', 0),
  paymentEvent('p1', 1_000),
  reportEvent('r2', 2_000),
  paymentEvent('p2', 61_000),
  paymentEvent('p3', 41_000),
]

describe('the timetable', () => {
  it('spaces payments evenly whatever lies between them in the simulated world', () => {
    const { payments } = createTimetable(events, { ratePerSecond: 50, aheadMs: 400 })
    expect(payments.map(({ atMs }) => atMs)).toEqual([400, 420, 440])
    expect(payments.map(({ event }) => event.payment.paymentId)).toEqual(['p1', 'p2', 'p3'])
  })

  it('sends a report ahead of the payment that follows it', () => {
    const { sides } = createTimetable(events, { ratePerSecond: 50, aheadMs: 400 })
    expect(sides.map(({ atMs }) => atMs)).toEqual([0, 20])
  })

  it('knows how much faster than ours the simulated time goes', () => {
    expect(timeLapse(createTimetable(events, { ratePerSecond: 50, aheadMs: 400 }))).toBe(1_000)
    expect(timeLapse(createTimetable(events.slice(0, 2), { ratePerSecond: 50, aheadMs: 0 }))).toBeNaN()
  })
})
