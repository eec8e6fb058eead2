const tries = 9
const firstPauseMs = 3

const isConcurrent = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && error.type === 'CONCURRENT_TRANSACTIONS'

/**
 * Offsets that are sent with a transaction begun before the broker has completed the one before it: asked again.
 * kafkajs tries a send again then, but not the offsets.
 */
export const untilCompleted = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let left = tries, pauseMs = firstPauseMs; ; left--, pauseMs *= 2)
    try {
      return await ask()
    } catch (error) {
      if (left === 0 || !isConcurrent(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
}
