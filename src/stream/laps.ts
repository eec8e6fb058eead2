import type { StageMicros } from '../domain/decision.ts'

export type StageName = keyof StageMicros | 'explain' | 'journal' | 'publish'

/** Called with the seconds that one stage of one micro-batch took. */
export type ObserveStage = (stage: StageName, seconds: number) => void

/** The stopwatch of one micro-batch: each lap is the time since the lap before it. */
export type Laps = {
  readonly lap: (stage: StageName) => void
  /** Microseconds of the stages that lie before the answer is made. */
  readonly micros: () => StageMicros
}

/** @param monotonic milliseconds that never step back, such as performance.now */
export const startLaps = (enteredAt: number, monotonic: () => number, observe: ObserveStage): Laps => {
  const micros = { wait: 0, decode: 0, recall: 0, features: 0, score: 0, decide: 0 }
  let last = enteredAt
  return {
    lap: (stage) => {
      const now = monotonic()
      observe(stage, (now - last) / 1000)
      if (stage in micros) micros[stage as keyof StageMicros] = Math.round((now - last) * 1000)
      last = now
    },
    micros: () => ({ ...micros }),
  }
}
