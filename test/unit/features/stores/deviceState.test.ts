import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  attestationFindings,
  deviceSignals,
  platforms,
  signalStates,
  type DeviceHealth,
} from '../../../../src/domain/deviceHealth.ts'
import {
  deviceOfReport,
  deviceStateOf,
  mergeDevices,
  mergeReport,
  type DeviceMemory,
} from '../../../../src/features/deviceState.ts'
import { decodeDevice, encodeDevice } from '../../../../src/features/deviceValue.ts'
import { aReading, aReport } from '../../../support/conformance/deviceStates.ts'

const stampOf = (): string => '0123456789abcdef'

test('the newest reading of each signal counts', () => {
  const first = deviceOfReport(
    aReport({ readings: [aReading({ observedAt: 5 }), aReading({ signal: 'FIREWALL' })] }),
  )
  const merged = mergeReport(first, aReport({ readings: [aReading({ observedAt: 6, state: 'UNHEALTHY' })] }))
  expect(deviceStateOf('dev-1', merged).readings).toEqual([
    aReading({ observedAt: 6, state: 'UNHEALTHY' }),
    aReading({ signal: 'FIREWALL' }),
  ])
})

test('what is no longer known replaces what was healthy', () => {
  const merged = mergeReport(
    deviceOfReport(aReport({ readings: [aReading({ observedAt: 5 })] })),
    aReport({ readings: [aReading({ observedAt: 6, state: 'UNKNOWN' })] }),
  )
  expect(merged.readings[0]?.own?.state).toBe('UNKNOWN')
})

test('of two readings of one instant the more worrying counts', () => {
  const states = ['HEALTHY', 'UNHEALTHY', 'UNKNOWN'] as const
  const report = aReport({ readings: states.map((state) => aReading({ state })) })
  expect(deviceOfReport(report).readings[0]?.own?.state).toBe('UNHEALTHY')
})

test('a device that an attester found unhealthy does not heal by its own word, as long as that holds', () => {
  const attested = aReading({ state: 'UNHEALTHY', attested: true, observedAt: 5, expiresAt: 10 })
  const counts = (observedAt: number) => {
    const own = aReading({ observedAt, expiresAt: 90 })
    const merged = mergeReport(
      deviceOfReport(aReport({ readings: [attested] })),
      aReport({ readings: [own] }),
    )
    return deviceStateOf('dev-1', merged).readings
  }
  expect(counts(9)).toEqual([attested])
  expect(counts(10)).toEqual([aReading({ observedAt: 10, expiresAt: 90 })])
})

test('a signal that this build does not know is left out', () => {
  const { readings } = deviceOfReport(aReport({ readings: [aReading({ signal: 'UNKNOWN' })] }))
  expect(readings.filter(({ attested, own }) => attested !== null || own !== null)).toEqual([])
})

test('a stored value of another version is not guessed at', () => {
  expect(() => decodeDevice(Buffer.from(`${stampOf()}[2,0]`))).toThrow('cannot read')
  expect(() => decodeDevice(Buffer.from(`${stampOf()}{`))).toThrow('cannot read')
})

const anyText = fc.option(fc.constantFrom('1', '2', '10', 'é'))

const anyReport: fc.Arbitrary<DeviceHealth> = fc
  .record({
    reportId: fc.constant('r'),
    deviceId: fc.constant('dev-1'),
    observedAt: fc.nat(3),
    platform: fc.constantFrom(...platforms),
    osVersion: anyText,
    patchLevel: anyText,
    appVersion: anyText,
    readings: fc.array(
      fc.record({
        signal: fc.constantFrom(...deviceSignals.slice(0, 3), 'UNKNOWN' as const),
        state: fc.constantFrom(...signalStates),
        source: fc.constantFrom('sdk', 'play'),
        attested: fc.boolean(),
        observedAt: fc.nat(3),
        expiresAt: fc.nat(9),
      }),
      { maxLength: 4 },
    ),
  })
  .chain((report) =>
    fc
      .option(
        fc.record({ finding: fc.constantFrom(...attestationFindings), at: fc.nat(3), expiresAt: fc.nat(9) }),
      )
      .map((evidence) => (evidence === null ? report : { ...report, evidence })),
  )
const anyDevice: fc.Arbitrary<DeviceMemory> = fc
  .array(anyReport, { minLength: 1, maxLength: 3 })
  .map((reports) => reports.map(deviceOfReport).reduce(mergeDevices))

test('merging is commutative, associative and idempotent', () => {
  fc.assert(
    fc.property(anyDevice, anyDevice, anyDevice, (a, b, c) => {
      expect(mergeDevices(a, b)).toEqual(mergeDevices(b, a))
      expect(mergeDevices(mergeDevices(a, b), c)).toEqual(mergeDevices(a, mergeDevices(b, c)))
      expect(mergeDevices(a, a)).toEqual(a)
    }),
    { numRuns: 500 },
  )
})

test('what is stored is read again', () => {
  fc.assert(
    fc.property(anyDevice, (device) => {
      expect(decodeDevice(Buffer.from(encodeDevice(device, stampOf)))).toEqual(device)
    }),
  )
})
