import { build } from 'hdr-histogram-js'
import type { Percentiles } from './program.ts'

export type Recorder = {
  /** @param ms negative is taken for 0 */
  readonly record: (ms: number) => void
  readonly percentiles: () => Percentiles
}

const microsPerMs = 1_000

/** Times of 1 microsecond to an hour, to three digits. */
export const createRecorder = (): Recorder => {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3.6e9,
    numberOfSignificantValueDigits: 3,
  })
  const at = (percent: number): number => histogram.getValueAtPercentile(percent) / microsPerMs
  return {
    record: (ms) => histogram.recordValue(Math.max(0, Math.round(ms * microsPerMs))),
    percentiles: () => ({ p50: at(50), p99: at(99), p999: at(99.9), max: histogram.maxValue / microsPerMs }),
  }
}
