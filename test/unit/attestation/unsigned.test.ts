import { describe, expect, test } from 'vitest'
import { createManagedDevice } from '../../../src/attestation/managedDevice.ts'
import { isFlawed, type Flawed, type Opened } from '../../../src/attestation/opened.ts'
import { readWindowsSecurityCenter } from '../../../src/attestation/windowsSecurityCenter.ts'
import { minuteMs } from '../../support/attestation/ring.ts'

const arrivedAt = Date.UTC(2026, 5, 1, 12)
const context = { deviceId: 'dev-1', reportId: 'rep-1', observedAt: arrivedAt - 5, arrivedAt }

const signalsIn = (opened: Opened | Flawed): object => {
  if (isFlawed(opened)) throw new Error(opened.flaw)
  return Object.fromEntries(opened.signals.map(({ signal, healthy }) => [signal, healthy]))
}

describe('Windows Security Center', () => {
  const read = (given: object) => readWindowsSecurityCenter(JSON.stringify(given), context)

  test('speaks of three things at the time of the report, on its own word', async () => {
    expect(await read({ firewall: 'GOOD', automaticUpdates: 'POOR', antivirus: 'SNOOZE' })).toEqual({
      once: null,
      source: 'windows-security-center',
      observedAt: arrivedAt - 5,
      platform: 'WINDOWS',
      osVersion: null,
      patchLevel: null,
      appVersion: null,
      signals: [
        { signal: 'FIREWALL', healthy: true, attested: false },
        { signal: 'AUTOMATIC_UPDATES', healthy: false, attested: false },
        { signal: 'ANTIVIRUS', healthy: false, attested: false },
      ],
    })
  })

  test('says nothing of what it does not monitor', async () => {
    expect(signalsIn(await read({ firewall: 'NOTMONITORED', antivirus: 'GOOD' }))).toEqual({
      ANTIVIRUS: true,
    })
  })

  test('is not to be read with another word', async () => {
    expect(await read({ firewall: 'ON' })).toEqual({ flaw: 'MALFORMED' })
  })
})

describe("Microsoft Graph's managed device", () => {
  const read = (given: object) =>
    createManagedDevice(minuteMs)(
      JSON.stringify({ lastSyncDateTime: '2026-06-01T11:00:00Z', ...given }),
      context,
    )

  test('is taken as of its last contact', async () => {
    const given = { operatingSystem: 'Windows', osVersion: '10.0.26100.1', complianceState: 'compliant' }
    expect(await read({ ...given, isEncrypted: true, jailBroken: 'Unknown' })).toEqual({
      once: null,
      source: 'microsoft-graph',
      observedAt: Date.UTC(2026, 5, 1, 11),
      platform: 'WINDOWS',
      osVersion: '10.0.26100.1',
      patchLevel: null,
      appVersion: null,
      signals: [
        { signal: 'COMPLIANCE', healthy: true, attested: false },
        { signal: 'DISK_ENCRYPTION', healthy: true, attested: false },
      ],
    })
  })

  test.each([
    ['compliant', true],
    ['noncompliant', false],
    ['inGracePeriod', false],
    ['unknown', undefined],
    ['conflict', undefined],
    ['error', undefined],
    ['configManager', undefined],
    ['constructor', undefined],
  ])('that is %s', async (complianceState, healthy) => {
    expect(signalsIn(await read({ complianceState }))).toEqual(
      healthy === undefined ? {} : { COMPLIANCE: healthy },
    )
  })

  test.each([
    ['Android', '2026-05-01', 'ANDROID'],
    ['iOS', null, 'IOS'],
    ['macOS', null, 'MACOS'],
    ['Linux', null, 'LINUX'],
    ['Chrome OS', null, null],
  ])('runs %s', async (operatingSystem, androidSecurityPatchLevel, platform) => {
    expect(await read({ operatingSystem, androidSecurityPatchLevel })).toMatchObject({
      platform,
      patchLevel: androidSecurityPatchLevel,
    })
  })

  test('that is jailbroken says so in a text', async () => {
    expect(signalsIn(await read({ jailBroken: 'True' }))).toEqual({ SYSTEM_INTEGRITY: false })
    expect(signalsIn(await read({ jailBroken: 'False' }))).toEqual({ SYSTEM_INTEGRITY: true })
    expect(signalsIn(await read({ jailBroken: 'constructor' }))).toEqual({})
  })

  test('may bring what its TPM measured', async () => {
    const good = { secureBoot: 'Enabled', codeIntegrity: 'Enabled', testSigning: 'Disabled' }
    const attested = (state: object) => read({ deviceHealthAttestationState: state })
    expect(await attested(good)).toMatchObject({
      signals: [{ signal: 'SYSTEM_INTEGRITY', healthy: true, attested: true }],
    })
    expect(signalsIn(await attested({ ...good, testSigning: 'Enabled' }))).toEqual({
      SYSTEM_INTEGRITY: false,
    })
    expect(signalsIn(await attested({ ...good, codeIntegrity: null }))).toEqual({})
    expect(
      signalsIn(
        await attested({
          bitLockerStatus: 'Off',
          bootDebugging: 'Disabled',
          operatingSystemKernelDebugging: 'Enabled',
          earlyLaunchAntiMalwareDriverProtection: 'Disabled',
        }),
      ),
    ).toEqual({ DISK_ENCRYPTION: false, DEBUGGER: false, ANTIVIRUS: false })
  })

  test.each([
    ['without its last contact', { lastSyncDateTime: undefined }, 'MALFORMED'],
    ['from the future', { lastSyncDateTime: '2026-06-01T12:30:00Z' }, 'FROM_THE_FUTURE'],
    ['with a version that is no text', { osVersion: 11 }, 'MALFORMED'],
  ])('%s is not to be read', async (_, over, flaw) => {
    expect(await read(over)).toEqual({ flaw })
  })
})
