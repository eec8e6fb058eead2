import type { DeviceState } from '../domain/deviceHealth.ts'
import { deviceStateOf, mergeReport, type DeviceMemory } from './deviceState.ts'
import type { DeviceStates } from './deviceStates.ts'

export type MemoryDeviceStates = DeviceStates & {
  /** null: the device never reported. */
  state(deviceId: string): DeviceState | null
}

export const createMemoryDeviceStates = (): MemoryDeviceStates => {
  const known = new Map<string, DeviceMemory>()
  return {
    apply: (reports) => {
      for (const report of reports)
        known.set(report.deviceId, mergeReport(known.get(report.deviceId) ?? null, report))
      return Promise.resolve()
    },
    state: (deviceId) => {
      const device = known.get(deviceId)
      return device === undefined ? null : deviceStateOf(deviceId, device)
    },
  }
}
