const hourMs = 3_600_000
const lastNightHour = 6

/** Whether the UTC hour is one from 0 to 6. @param effectiveAt epoch ms */
export const isNight = (effectiveAt: number): boolean =>
  Math.floor(effectiveAt / hourMs) % 24 <= lastNightHour
