import { setTimeout as delay } from 'node:timers/promises'

/** Resolves when `condition` holds, asked every few milliseconds; the test's own time-out ends the wait. */
export const untilTrue = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await delay(5)
}
