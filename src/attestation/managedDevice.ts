import { z } from 'zod'
import type { Platform } from '../domain/deviceHealth.ts'
import { attestedSignals, healthAttestation } from './healthAttestation.ts'
import { parseAs } from './json.ts'
import { flawed, said, type Adapter } from './opened.ts'

const text = z.string().max(64).nullish()

const managedDevice = z.object({
  lastSyncDateTime: z.iso.datetime({ offset: true }),
  operatingSystem: text,
  osVersion: text,
  androidSecurityPatchLevel: text,
  complianceState: text,
  jailBroken: text,
  isEncrypted: z.boolean().nullish(),
  deviceHealthAttestationState: healthAttestation.nullish(),
})

/** In its grace period a device breaks the rules already. `conflict`, `error` and `configManager` say nothing. */
const compliance: ReadonlyMap<string, boolean> = new Map([
  ['compliant', true],
  ['noncompliant', false],
  ['inGracePeriod', false],
])

/** The property is a text. */
const unbroken: ReadonlyMap<string, boolean> = new Map([
  ['false', true],
  ['true', false],
])

const platformOf = (name: string): Platform | null => {
  const word = name.toLowerCase()
  if (word.startsWith('android')) return 'ANDROID'
  if (word === 'ios' || word === 'ipados') return 'IOS'
  if (word.startsWith('windows')) return 'WINDOWS'
  if (word.startsWith('mac')) return 'MACOS'
  return word.startsWith('linux') ? 'LINUX' : null
}

/**
 * Microsoft Graph's managedDevice, as the sender of the report has fetched it. What the management agent says is the
 * device's own word; the health attestation within is attested.
 */
export const createManagedDevice =
  (toleranceMs: number): Adapter =>
  (body, { arrivedAt }) => {
    const given = parseAs(managedDevice, body)
    if (given === null) return Promise.resolve(flawed('MALFORMED'))
    const observedAt = Date.parse(given.lastSyncDateTime)
    if (observedAt > arrivedAt + toleranceMs) return Promise.resolve(flawed('FROM_THE_FUTURE'))
    return Promise.resolve({
      once: null,
      source: 'microsoft-graph',
      observedAt,
      platform: platformOf(given.operatingSystem ?? ''),
      osVersion: given.osVersion ?? null,
      patchLevel: given.androidSecurityPatchLevel ?? null,
      appVersion: null,
      signals: [
        ...said('COMPLIANCE', compliance.get(given.complianceState ?? '') ?? null, false),
        ...said('SYSTEM_INTEGRITY', unbroken.get((given.jailBroken ?? '').toLowerCase()) ?? null, false),
        ...said('DISK_ENCRYPTION', given.isEncrypted ?? null, false),
        ...(given.deviceHealthAttestationState ? attestedSignals(given.deviceHealthAttestationState) : []),
      ],
    })
  }
