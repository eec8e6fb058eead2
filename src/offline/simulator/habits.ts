import { weightedIndex, type Rng } from './rng.ts'
import { hourMs, isWeekend } from './time.ts'

/** What a person may be about to do. */
export const activities = ['SHOP', 'ONLINE', 'TRANSFER', 'CASH'] as const
export type Activity = (typeof activities)[number]

/** Relative activity in each hour of local time, for a working day and a weekend day. */
type Rhythm = {
  readonly workday: readonly number[]
  readonly weekend: readonly number[]
  readonly weekendFactor: number
}

const worker: Rhythm = {
  workday: [1, 0.5, 0.3, 0.2, 0.3, 1, 3, 6, 6, 4, 4, 6, 10, 8, 5, 5, 7, 10, 11, 9, 7, 5, 4, 2],
  weekend: [2, 1, 0.6, 0.4, 0.3, 0.5, 1, 2, 5, 8, 10, 11, 10, 9, 9, 9, 9, 8, 8, 7, 6, 5, 4, 3],
  weekendFactor: 1.15,
}
const retired: Rhythm = {
  workday: [0.2, 0.1, 0.1, 0.1, 0.3, 1, 3, 6, 10, 13, 13, 11, 7, 5, 7, 8, 7, 5, 4, 3, 2, 1, 0.6, 0.3],
  weekend: [0.2, 0.1, 0.1, 0.1, 0.3, 1, 2, 5, 9, 11, 12, 10, 8, 5, 6, 6, 5, 4, 4, 3, 2, 1, 0.6, 0.3],
  weekendFactor: 0.8,
}
const student: Rhythm = {
  workday: [4, 2.5, 1.5, 1, 0.5, 0.4, 1, 2, 4, 5, 5, 7, 10, 8, 6, 6, 6, 7, 9, 9, 8, 8, 7, 6],
  weekend: [7, 6, 4, 3, 1.5, 0.8, 0.6, 0.8, 1.5, 3, 5, 7, 8, 8, 8, 7, 7, 7, 9, 10, 10, 9, 9, 8],
  weekendFactor: 1.25,
}
const nightWorker: Rhythm = {
  workday: [7, 6, 5, 5, 4, 5, 8, 8, 4, 2, 1, 1, 1, 2, 5, 7, 8, 8, 8, 7, 6, 6, 7, 7],
  weekend: [5, 4, 3, 2, 2, 2, 3, 4, 4, 4, 5, 6, 7, 7, 8, 8, 8, 8, 8, 7, 6, 6, 6, 6],
  weekendFactor: 1,
}

const rhythms: readonly Rhythm[] = [worker, retired, student, nightWorker]
const rhythmIndex = weightedIndex([60, 20, 14, 6])

export type DayPlan = {
  /** How much of an average day's payments fall on this day. */
  readonly factor: (dayAt: number) => number
  /** Milliseconds since local midnight. May be moved past the day's end by the caller's time zone. */
  readonly timeOfDay: (rng: Rng, dayAt: number) => number
}

const dayPlanOf = (rhythm: Rhythm): DayPlan => {
  const workdayHour = weightedIndex(rhythm.workday)
  const weekendHour = weightedIndex(rhythm.weekend)
  const workdayFactor = (7 - 2 * rhythm.weekendFactor) / 5
  return {
    factor: (dayAt) => (isWeekend(dayAt) ? rhythm.weekendFactor : workdayFactor),
    timeOfDay: (rng, dayAt) => {
      const hour = isWeekend(dayAt) ? weekendHour(rng) : workdayHour(rng)
      return Math.floor((hour + rng.next()) * hourMs)
    },
  }
}

const dayPlans = rhythms.map(dayPlanOf)

export const pickDayPlan = (rng: Rng): DayPlan => dayPlans[rhythmIndex(rng)] ?? rng.pick(dayPlans)

/** How a person likes to pay: each has a mix of their own around the common one. */
export const pickMix = (rng: Rng): ((rng: Rng) => Activity) => {
  const usual: Readonly<Record<Activity, number>> = { SHOP: 60, ONLINE: 22, TRANSFER: 14, CASH: 4 }
  const index = weightedIndex(activities.map((activity) => usual[activity] * rng.logNormal(1, 0.5)))
  return (draw) => activities[index(draw)] ?? 'SHOP'
}
