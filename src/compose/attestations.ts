import { createAdapters } from '../attestation/adapters.ts'
import { openKeyRing } from '../attestation/keyRing.file.ts'
import { createReadReports, type ReadReports } from '../attestation/readReports.ts'
import type { Settings } from '../config.ts'
import type { UsedOnce } from '../domain/usedOnce.ts'

export type AttestationDeps = {
  readonly config: Pick<
    Settings,
    | 'attestationKeysDir'
    | 'attestationAudience'
    | 'attestationApps'
    | 'attestationMaxAgeMs'
    | 'deviceSignalLifeMs'
  >
  readonly usedOnce: UsedOnce
  readonly monotonic: () => number
  readonly warn: (message: string, error: unknown) => void
}

/** How far an attester's clock may be ahead of Kafka's. */
const toleranceMs = 60_000

/** Reads documents about devices by the configured keys and limits. @throws SluiceError KEY_INVALID */
export const openReadReports = async ({
  config,
  usedOnce,
  monotonic,
  warn,
}: AttestationDeps): Promise<ReadReports> => {
  const keys = await openKeyRing({
    folder: config.attestationKeysDir,
    monotonic,
    onFailure: (error) => warn('the keys of attestations cannot be read again; those before stay', error),
  })
  const adapters = createAdapters(config.attestationApps, {
    keys,
    audience: config.attestationAudience,
    limits: { maxAgeMs: config.attestationMaxAgeMs, toleranceMs },
  })
  return createReadReports({
    adapters,
    usedOnce,
    lifeMs: config.deviceSignalLifeMs,
    onUnexpected: (error, format) =>
      warn(`a document about a device broke the adapter of ${format}; it counts as malformed`, error),
  })
}
