import type { Refused } from '../domain/received.ts'
import type { Vulnerability } from '../domain/vulnerability.ts'
import type { Vulnerabilities, VulnerabilityChange } from '../features/vulnerabilities.ts'
import { createVulnerabilityDecoder, type VulnerabilityDecoderDeps } from '../stream/codec/vulnerability.ts'
import type { InPieces } from './inPieces.ts'
import type { TableSpec } from './tables.kafka.ts'

const isRefused = (decoded: Vulnerability | Refused): decoded is Refused => 'reason' in decoded

function* applyEach(
  vulnerabilities: Pick<Vulnerabilities, 'apply'>,
  changes: readonly VulnerabilityChange[],
): Generator<void, void, undefined> {
  for (const change of changes) {
    vulnerabilities.apply([change])
    yield
  }
}

/**
 * The topic of vulnerabilities as the table that devices are matched with. Each change is a piece of its own: scoring a
 * vector of CVSS 4.0 takes a third of a millisecond, and payments must not wait for a whole batch of them.
 */
export const tableOfVulnerabilities = (
  topic: string,
  vulnerabilities: Vulnerabilities,
  decoderDeps: VulnerabilityDecoderDeps,
  observeUnmatchable: (entries: number) => void,
  inPieces: InPieces,
): TableSpec<Vulnerability> => ({
  name: 'vulnerabilities',
  topic,
  decode: createVulnerabilityDecoder(decoderDeps),
  isRefused,
  table: {
    apply: async (changes) => {
      await inPieces(applyEach(vulnerabilities, changes))
      observeUnmatchable(vulnerabilities.unmatchable())
    },
    clear: () => {
      vulnerabilities.clear()
      observeUnmatchable(0)
    },
    size: vulnerabilities.size,
  },
})
