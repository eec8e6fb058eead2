/** Called with the seconds that a stage took. */
export type Observe<Stage> = (stage: Stage, seconds: number) => void

/**
 * Wraps stages so that their time is observed from outside: the wrapped function knows nothing of it.
 * A stage that throws or rejects is observed too.
 * @param monotonic milliseconds that never step back, such as performance.now
 */
export const createTimed = <Stage>(monotonic: () => number, observe: Observe<Stage>) => {
  const finish = (stage: Stage, startedAt: number): void => observe(stage, (monotonic() - startedAt) / 1000)
  return {
    timed:
      <Args extends readonly unknown[], Result>(stage: Stage, run: (...args: Args) => Result) =>
      (...args: Args): Result => {
        const startedAt = monotonic()
        try {
          return run(...args)
        } finally {
          finish(stage, startedAt)
        }
      },
    timedAsync:
      <Args extends readonly unknown[], Result>(stage: Stage, run: (...args: Args) => Promise<Result>) =>
      async (...args: Args): Promise<Result> => {
        const startedAt = monotonic()
        try {
          return await run(...args)
        } finally {
          finish(stage, startedAt)
        }
      },
  }
}
