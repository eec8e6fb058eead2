import { paymentsIn, type Phase } from '../arrivals.ts'

/** Intended times in ms from the start, evenly spaced in each phase: an open loop. */
export const timetableOf = (phases: readonly Phase[]): Float64Array => {
  const times = new Float64Array(phases.reduce((sum, phase) => sum + paymentsIn(phase), 0))
  let [next, fromMs] = [0, 0]
  for (const phase of phases) {
    const count = paymentsIn(phase)
    const durationMs = phase.seconds * 1_000
    for (let i = 0; i < count; i++) times[next++] = fromMs + (i * durationMs) / count
    fromMs += durationMs
  }
  return times
}
