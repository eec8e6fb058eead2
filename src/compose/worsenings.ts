import {
  deviceSignals,
  type DeviceHealth,
  type DeviceSignal,
  type SignalReading,
} from '../domain/deviceHealth.ts'
import { deviceStateOf, mergeReport, type DeviceMemory } from '../features/deviceState.ts'

export type Worsening = {
  readonly signal: DeviceSignal
  /** The report that told of it. */
  readonly reportId: string
  /** Epoch ms. */
  readonly at: number
}

const readingsOf = (memory: DeviceMemory | null): ReadonlyMap<string, SignalReading> =>
  new Map(
    memory === null ? [] : deviceStateOf('', memory).readings.map((reading) => [reading.signal, reading]),
  )

/**
 * What the reports, taken over in their order, make unhealthy that was not; nothing that they also make good, or that
 * has expired. The same for the same reports, however many follow in the same batch.
 * @param now epoch ms
 */
export const worseningsOf = (
  before: DeviceMemory | null,
  reports: readonly DeviceHealth[],
  now: number,
): readonly Worsening[] => {
  const found = new Map<DeviceSignal, Worsening>()
  let memory = before
  let known = readingsOf(before)
  for (const report of reports) {
    memory = mergeReport(memory, report)
    const next = readingsOf(memory)
    for (const signal of deviceSignals) {
      const [earlier, reading] = [known.get(signal), next.get(signal)]
      if (reading?.state !== 'UNHEALTHY') found.delete(signal)
      else if (earlier?.state !== 'UNHEALTHY' || earlier.expiresAt <= reading.observedAt)
        found.set(signal, { signal, reportId: report.reportId, at: report.observedAt })
    }
    known = next
  }
  return [...found.values()].filter(({ signal }) => (known.get(signal)?.expiresAt ?? 0) > now)
}
