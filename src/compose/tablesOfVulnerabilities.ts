import type { Refused } from '../domain/received.ts'
import type { Vulnerability } from '../domain/vulnerability.ts'
import type { Vulnerabilities } from '../features/vulnerabilities.ts'
import { createVulnerabilityDecoder, type VulnerabilityDecoderDeps } from '../stream/codec/vulnerability.ts'
import type { TableSpec } from './tables.kafka.ts'

const isRefused = (decoded: Vulnerability | Refused): decoded is Refused => 'reason' in decoded

/** The topic of vulnerabilities as the table that devices are matched with. */
export const tableOfVulnerabilities = (
  topic: string,
  vulnerabilities: Vulnerabilities,
  decoderDeps: VulnerabilityDecoderDeps,
  observeUnmatchable: (entries: number) => void,
): TableSpec<Vulnerability> => ({
  name: 'vulnerabilities',
  topic,
  decode: createVulnerabilityDecoder(decoderDeps),
  isRefused,
  table: {
    apply: (changes) => {
      vulnerabilities.apply(changes)
      observeUnmatchable(vulnerabilities.unmatchable())
    },
    clear: () => {
      vulnerabilities.clear()
      observeUnmatchable(0)
    },
    size: vulnerabilities.size,
  },
})
