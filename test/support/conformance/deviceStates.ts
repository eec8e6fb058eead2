import { expect, test } from 'vitest'
import type { DeviceReport, DeviceState, SignalReading } from '../../../src/domain/deviceHealth.ts'
import type { DeviceStates } from '../../../src/features/deviceStates.ts'

export const aReading = (over: Partial<SignalReading> = {}): SignalReading => ({
  signal: 'ANTIVIRUS',
  state: 'HEALTHY',
  source: 'sdk',
  attested: false,
  observedAt: 1_000,
  expiresAt: 9_000,
  ...over,
})

export const aReport = (over: Partial<DeviceReport> = {}): DeviceReport => ({
  reportId: 'report-1',
  deviceId: 'dev-1',
  observedAt: 1_000,
  platform: 'ANDROID',
  osVersion: '14',
  patchLevel: '2026-01-01',
  appVersion: '5.2',
  readings: [aReading()],
  document: null,
  ...over,
})

export type DeviceStatesUnderTest = {
  readonly states: DeviceStates
  /** As a payment made with that device gets it. */
  read(deviceId: string): Promise<DeviceState | 'unknown' | null>
}

/** What any store of device states must do. Resolves `create` anew for each test. */
export const deviceStates = (create: () => Promise<DeviceStatesUnderTest>): void => {
  test('a device that never reported has no state', async () => {
    const { read } = await create()
    expect(await read('dev-1')).toBeNull()
  })

  test('a later report replaces what it speaks of and leaves the rest', async () => {
    const { states, read } = await create()
    await states.apply([aReport({ readings: [aReading(), aReading({ signal: 'FIREWALL' })] })])
    expect((await read('dev-1'))?.valueOf()).toMatchObject({ osVersion: '14' })
    const worse = aReading({ state: 'UNHEALTHY', observedAt: 2_000 })
    await states.apply([aReport({ observedAt: 2_000, osVersion: null, readings: [worse] })])
    expect(await read('dev-1')).toEqual({
      deviceId: 'dev-1',
      observedAt: 2_000,
      platform: 'ANDROID',
      osVersion: '14',
      patchLevel: '2026-01-01',
      appVersion: '5.2',
      readings: [worse, aReading({ signal: 'FIREWALL' })],
    })
  })

  test('an older report that comes late changes nothing', async () => {
    const { states, read } = await create()
    const newest = aReport({
      observedAt: 2_000,
      readings: [aReading({ state: 'UNHEALTHY', observedAt: 2_000 })],
    })
    await states.apply([newest])
    const before = await read('dev-1')
    await states.apply([aReport({ osVersion: '13' }), newest])
    expect(await read('dev-1')).toEqual(before)
  })

  test('writers that meet lose nothing', async () => {
    const { states, read } = await create()
    const signals = ['ANTIVIRUS', 'FIREWALL', 'DEBUGGER', 'OVERLAY', 'REMOTE_ACCESS'] as const
    await Promise.all(signals.map((signal) => states.apply([aReport({ readings: [aReading({ signal })] })])))
    const state = await read('dev-1')
    if (state === null || state === 'unknown') throw new Error(`the device is ${state}`)
    expect(new Set(state.readings.map(({ signal }) => signal))).toEqual(new Set(signals))
  })
}
