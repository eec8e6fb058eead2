export const secondMs = 1_000
export const minuteMs = 60 * secondMs
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs

/** 0 Sunday to 6 Saturday, UTC. 1 January 1970 was a Thursday. */
export const weekdayOf = (at: number): number => (Math.floor(at / dayMs) + 4) % 7

export const isWeekend = (at: number): boolean => {
  const weekday = weekdayOf(at)
  return weekday === 0 || weekday === 6
}
