import { z } from 'zod'
import { deviceSignals, platforms } from '../domain/deviceHealth.ts'
import type { Opened, Said } from './opened.ts'

const version = z.string().max(64).nullish()

/** What our own app signs, in a token or under App Attest. A signal that it leaves out is not known. */
export const signedSignals = z.object({
  platform: z.enum(platforms).optional(),
  osVersion: version,
  patchLevel: version,
  appVersion: version,
  signals: z.partialRecord(z.enum(deviceSignals), z.enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN'])).default({}),
})

const saidBy = (signals: z.infer<typeof signedSignals>['signals']): readonly Said[] =>
  deviceSignals.flatMap((signal) => {
    const state = signals[signal] ?? 'UNKNOWN'
    return state === 'UNKNOWN' ? [] : [{ signal, healthy: state === 'HEALTHY', attested: true }]
  })

export const openSigned = (
  given: z.infer<typeof signedSignals>,
): Pick<Opened, 'platform' | 'osVersion' | 'patchLevel' | 'appVersion' | 'signals'> => ({
  platform: given.platform ?? null,
  osVersion: given.osVersion ?? null,
  patchLevel: given.patchLevel ?? null,
  appVersion: given.appVersion ?? null,
  signals: saidBy(given.signals),
})
