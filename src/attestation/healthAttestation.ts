import { z } from 'zod'
import { said, type Said } from './opened.ts'

const state = z.string().max(64).nullish()

/** Microsoft Graph's deviceHealthAttestationState: measured at start-up, signed for by the TPM. */
export const healthAttestation = z.object({
  bitLockerStatus: state,
  secureBoot: state,
  codeIntegrity: state,
  testSigning: state,
  bootDebugging: state,
  operatingSystemKernelDebugging: state,
  earlyLaunchAntiMalwareDriverProtection: state,
})

const on: ReadonlySet<string> = new Set(['on', 'enabled', 'true'])
const off: ReadonlySet<string> = new Set(['off', 'disabled', 'false'])

/** null: it does not say, or in words that we do not know. */
const isOn = (text: string | null | undefined): boolean | null => {
  const word = text?.toLowerCase() ?? ''
  if (on.has(word)) return true
  return off.has(word) ? false : null
}

const not = (value: boolean | null): boolean | null => (value === null ? null : !value)

/** One that is bad decides; all must be good for good; else nothing is known. */
const allGood = (parts: readonly (boolean | null)[]): boolean | null => {
  if (parts.includes(false)) return false
  return parts.includes(null) ? null : true
}

export const attestedSignals = (given: z.infer<typeof healthAttestation>): readonly Said[] => [
  ...said(
    'SYSTEM_INTEGRITY',
    allGood([isOn(given.secureBoot), isOn(given.codeIntegrity), not(isOn(given.testSigning))]),
    true,
  ),
  ...said(
    'DEBUGGER',
    allGood([not(isOn(given.bootDebugging)), not(isOn(given.operatingSystemKernelDebugging))]),
    true,
  ),
  ...said('DISK_ENCRYPTION', isOn(given.bitLockerStatus), true),
  // That its driver loads early does not make an antivirus up to date; that it does not is bad.
  ...said('ANTIVIRUS', isOn(given.earlyLaunchAntiMalwareDriverProtection) === false ? false : null, true),
]
