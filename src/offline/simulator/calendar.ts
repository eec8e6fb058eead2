import type { SimEvent } from './simEvent.ts'
import { dayMs } from './time.ts'

/** What is planned, day by day: nothing is sorted before its day has come. */
export type Calendar = {
  /** Notes an event. @throws RangeError for a day that was taken. */
  readonly plan: (event: SimEvent) => void
  /** Everything of the first day that is left, in time order; equal times keep the order of planning. */
  readonly takeDay: () => readonly SimEvent[]
  readonly dayAt: () => number
  readonly isEmpty: () => boolean
}

export const createCalendar = (startAt: number): Calendar => {
  const days = new Map<number, SimEvent[]>()
  let today = 0
  return {
    plan: (event) => {
      const day = Math.floor((event.at - startAt) / dayMs)
      if (day < today) throw new RangeError('an event was planned for a day that is over')
      const planned = days.get(day)
      if (planned === undefined) days.set(day, [event])
      else planned.push(event)
    },
    takeDay: () => {
      const planned = days.get(today) ?? []
      days.delete(today)
      today += 1
      return planned.sort((a, b) => a.at - b.at)
    },
    dayAt: () => startAt + today * dayMs,
    isEmpty: () => days.size === 0,
  }
}
