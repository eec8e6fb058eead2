import type { Platform } from '../../domain/deviceHealth.ts'
import type { Vulnerability } from '../../domain/vulnerability.ts'
import { notAffected, readVersions, type DeviceVersion } from '../../features/osVersionRange.ts'
import { compileEntries, platformsOf } from '../../features/vulnerabilityEntry.ts'
import { axesOf, priorityOf, type Priority } from '../../features/vulnerabilityPriority.ts'
import { createVectorReader } from '../../features/vulnerabilityVectors.ts'

export type Ranked = {
  readonly vulnerability: Vulnerability
  readonly priority: Priority
  /** Those whose devices can be matched with it; none: it matches no device. */
  readonly platforms: readonly Platform[]
}

const dueAt = ({ vulnerability }: Ranked): number => vulnerability.kev?.dueDate ?? Infinity

/** -0, 0 or a number: Infinity minus Infinity is none. */
const compare = (a: number, b: number): number => (a === b ? 0 : a - b)

/** What to repair first: by priority, then by the day on which the repair is due, then by id. */
export const inOrderOfRepair = (a: Ranked, b: Ranked): number =>
  compare(b.priority.value, a.priority.value) ||
  compare(dueAt(a), dueAt(b)) ||
  (a.vulnerability.cveId < b.vulnerability.cveId ? -1 : 1)

export const rank = (vulnerabilities: Iterable<Vulnerability>): readonly Ranked[] => {
  const readVector = createVectorReader()
  return [...vulnerabilities]
    .map((vulnerability) => ({
      vulnerability,
      priority: priorityOf(axesOf(vulnerability, readVector)),
      platforms: platformsOf(vulnerability),
    }))
    .toSorted(inOrderOfRepair)
}

/** Those that affect a device of this platform and version, or of which that is not known. */
export const threatening = (
  ranked: readonly Ranked[],
  platform: Platform,
  device: DeviceVersion,
): readonly Ranked[] => {
  const readVector = createVectorReader()
  const versions = readVersions(device)
  return ranked.filter(({ vulnerability }) =>
    compileEntries(vulnerability, readVector).some(
      ([of, entry]) => of === platform && entry.affects(versions) !== notAffected,
    ),
  )
}
