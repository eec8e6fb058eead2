import { createBoundedMap } from './boundedMap.ts'
import { deviceStateOf } from './deviceState.ts'
import type { DeviceState } from '../domain/deviceHealth.ts'
import { decodeDevice, stampOf } from './deviceValue.ts'

/** A device's state as this instance last read it; the stamp is '' when the device never reported. */
export type HeldDevice = { readonly stamp: string; readonly state: DeviceState | 'unknown' | null }

export type HeldDevices = {
  get(key: string): HeldDevice | undefined
  /** `value` as stored, empty for none. A value that cannot be read makes the state 'unknown'. */
  learn(key: string, deviceId: string, value: Buffer): HeldDevice
}

/** A stamp that no value begins with: asks for the value whatever it is. */
export const notHeld = '?'

const read = (deviceId: string, value: Buffer): HeldDevice => {
  try {
    return { stamp: stampOf(value), state: deviceStateOf(deviceId, decodeDevice(value)) }
  } catch {
    return { stamp: notHeld, state: 'unknown' }
  }
}

/** @param limit number of devices */
export const createHeldDevices = (limit: number, onUnreadable: () => void): HeldDevices => {
  const held = createBoundedMap<string, HeldDevice>(limit)
  return {
    get: held.get,
    learn: (key, deviceId, value) => {
      const device = value.byteLength === 0 ? { stamp: '', state: null } : read(deviceId, value)
      if (device.state === 'unknown') onUnreadable()
      held.set(key, device)
      return device
    },
  }
}
