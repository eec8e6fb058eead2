import { z } from 'zod'
import { ageFlaw, type AgeLimits } from './age.ts'
import { androidVersions } from './androidVersions.ts'
import { bindingOf } from './binding.ts'
import { parseAs } from './json.ts'
import { flawed, said, type Adapter } from './opened.ts'

const texts = z.array(z.string()).optional()

/** A decrypted verdict. Labels that this build does not know say nothing. */
const verdict = z.object({
  requestDetails: z.object({
    requestPackageName: z.string(),
    nonce: z.string().optional(),
    requestHash: z.string().optional(),
    timestampMillis: z.coerce.number().int().positive(),
  }),
  appIntegrity: z.object({ appRecognitionVerdict: z.string().optional() }).optional(),
  deviceIntegrity: z
    .object({
      deviceRecognitionVerdict: texts,
      deviceAttributes: z.object({ sdkVersion: z.number().int().optional() }).optional(),
    })
    .optional(),
  environmentDetails: z
    .object({
      playProtectVerdict: z.string().optional(),
      appAccessRiskVerdict: z.object({ appsDetected: texts }).optional(),
    })
    .optional(),
})
type Verdict = z.infer<typeof verdict>

/** A device that fails every check has an empty list, or none. Basic and virtual are no genuine device. */
const isGenuine = ({ deviceIntegrity, appIntegrity }: Verdict): boolean | null => {
  if (appIntegrity?.appRecognitionVerdict === 'UNRECOGNIZED_VERSION') return false
  if (deviceIntegrity === undefined) return null
  const labels = deviceIntegrity.deviceRecognitionVerdict ?? []
  return labels.includes('MEETS_DEVICE_INTEGRITY') || labels.includes('MEETS_STRONG_INTEGRITY')
}

const protect: ReadonlyMap<string, boolean> = new Map([
  ['NO_ISSUES', true],
  ['POSSIBLE_RISK', false],
  ['MEDIUM_RISK', false],
  ['HIGH_RISK', false],
])

/** Verdicts come as KNOWN_ or UNKNOWN_ apps; a known app that controls the screen controls it all the same. */
const noneOf = (detected: readonly string[] | undefined, doing: string): boolean | null =>
  detected === undefined ? null : !detected.some((label) => label.endsWith(`_${doing}`))

/** @param apps package names of our own */
export const createPlayIntegrity =
  (apps: readonly string[], limits: AgeLimits): Adapter =>
  (body, context) => {
    const given = parseAs(verdict, body)
    if (given === null) return Promise.resolve(flawed('MALFORMED'))
    const { requestDetails: request, environmentDetails: around } = given
    if (!apps.includes(request.requestPackageName)) return Promise.resolve(flawed('APP'))
    const binding = bindingOf(context)
    if ((request.requestHash ?? request.nonce) !== binding) return Promise.resolve(flawed('OTHER_DEVICE'))
    const late = ageFlaw(request.timestampMillis, context.arrivedAt, limits)
    if (late !== null) return Promise.resolve(late)
    const detected = around?.appAccessRiskVerdict?.appsDetected
    return Promise.resolve({
      once: { id: `play-integrity ${binding}`, counter: null },
      source: 'play-integrity',
      observedAt: request.timestampMillis,
      platform: 'ANDROID',
      osVersion: androidVersions[given.deviceIntegrity?.deviceAttributes?.sdkVersion ?? 0] ?? null,
      patchLevel: null,
      appVersion: null,
      signals: [
        ...said('SYSTEM_INTEGRITY', isGenuine(given), true),
        ...said('ANTIVIRUS', protect.get(around?.playProtectVerdict ?? '') ?? null, true),
        ...said('SCREEN_CAPTURE', noneOf(detected, 'CAPTURING'), true),
        ...said('OVERLAY', noneOf(detected, 'OVERLAYS'), true),
        ...said('REMOTE_ACCESS', noneOf(detected, 'CONTROLLING'), true),
      ],
    })
  }
