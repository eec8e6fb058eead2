const hourMs = 3_600_000
const lastNightHour = 6

/** Whether the UTC hour is one from 0 to 6. Whole 32-bit numbers, as the rest of a division of others is slow. @param effectiveAt epoch ms */
export const isNight = (effectiveAt: number): boolean =>
  (Math.floor(effectiveAt / hourMs) | 0) % 24 <= lastNightHour
