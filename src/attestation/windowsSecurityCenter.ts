import { z } from 'zod'
import { parseAs } from './json.ts'
import { flawed, said, type Adapter } from './opened.ts'

const health = z.enum(['GOOD', 'NOTMONITORED', 'POOR', 'SNOOZE']).optional()

const center = z.object({ firewall: health, automaticUpdates: health, antivirus: health })

/** Snoozed is on, but does not protect now. Not monitored: nobody knows. */
const meaning: Readonly<Record<string, boolean>> = { GOOD: true, POOR: false, SNOOZE: false }

/** What a computer says of itself: nobody attests it, so its time is the report's. */
export const readWindowsSecurityCenter: Adapter = (body, { observedAt }) => {
  const given = parseAs(center, body)
  if (given === null) return Promise.resolve(flawed('MALFORMED'))
  return Promise.resolve({
    once: null,
    source: 'windows-security-center',
    observedAt,
    platform: 'WINDOWS',
    osVersion: null,
    patchLevel: null,
    appVersion: null,
    signals: [
      ...said('FIREWALL', meaning[given.firewall ?? ''] ?? null, false),
      ...said('AUTOMATIC_UPDATES', meaning[given.automaticUpdates ?? ''] ?? null, false),
      ...said('ANTIVIRUS', meaning[given.antivirus ?? ''] ?? null, false),
    ],
  })
}
