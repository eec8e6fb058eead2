import type { SimEvent, SimPayment } from '../simulator/simEvent.ts'

/** What leaves, and when it is meant to: milliseconds after the start. */
export type Departure<Event> = { readonly atMs: number; readonly event: Event }

export type SideEvent = Extract<SimEvent, { readonly kind: 'deviceHealth' | 'accountEvent' }>

export type Timetable = {
  readonly payments: readonly Departure<SimPayment>[]
  readonly sides: readonly Departure<SideEvent>[]
}

export type TimetableOptions = {
  readonly ratePerSecond: number
  /** How much sooner a report or an account event leaves than the payment that follows it. */
  readonly aheadMs: number
}

/**
 * Events of a simulated world in a time of our own: payments at a steady rate, in their order. Feedback stays at
 * home: it becomes known long after.
 */
export const createTimetable = (
  events: Iterable<SimEvent>,
  { ratePerSecond, aheadMs }: TimetableOptions,
): Timetable => {
  const payments: Departure<SimPayment>[] = []
  const sides: Departure<SideEvent>[] = []
  for (const event of events) {
    const atMs = (payments.length * 1_000) / ratePerSecond
    if (event.kind === 'payment') payments.push({ atMs: atMs + aheadMs, event })
    else if (event.kind !== 'feedback') sides.push({ atMs, event })
  }
  return { payments, sides }
}

/** Simulated milliseconds in one of ours; NaN for fewer than two payments. */
export const timeLapse = ({ payments }: Timetable): number => {
  const [first, last] = [payments.at(0), payments.at(-1)]
  if (first === undefined || last === undefined || last === first) return NaN
  return (last.event.at - first.event.at) / (last.atMs - first.atMs)
}
