import type { Platform } from '../domain/deviceHealth.ts'
import type { Vulnerability } from '../domain/vulnerability.ts'
import { createBoundedMap, type BoundedMap } from './boundedMap.ts'
import type { DeviceVersion } from './osVersionRange.ts'
import { compileEntries, type VulnerabilityEntry } from './vulnerabilityEntry.ts'
import { exposureOf, type Exposure } from './vulnerabilityExposure.ts'
import { createVectorReader } from './vulnerabilityVectors.ts'

/** null: the entry is taken back. */
export type VulnerabilityChange = { readonly key: string; readonly value: Vulnerability | null }

/** What an instance, or a replay, knows of vulnerabilities now. */
export type Vulnerabilities = {
  readonly apply: (changes: readonly VulnerabilityChange[]) => void
  readonly clear: () => void
  readonly size: () => number
  /** Entries without a range on any known platform: they match no device. */
  readonly unmatchable: () => number
  readonly get: (cveId: string) => Vulnerability | undefined
  readonly all: () => IterableIterator<Vulnerability>
  /** What is known to threaten a device of this platform and version. Asked again, it is remembered until a change. */
  readonly exposure: (platform: Platform, device: DeviceVersion) => Exposure
}

/** Of each platform. Versions are what devices say: there may be any number of them. */
const rememberedMax = 10_000
/** No two devices that differ have one key, whatever they say: the length tells where the version ends. */
const keyOf = ({ osVersion, patchLevel }: DeviceVersion): string =>
  `${osVersion?.length ?? -1} ${patchLevel === null ? 0 : 1} ${osVersion ?? ''}${patchLevel ?? ''}`

/** What is known of one platform, and what was made of it since it last changed. */
type OfPlatform = {
  readonly entries: Map<string, VulnerabilityEntry>
  readonly remembered: BoundedMap<string, Exposure>
}

type Held = { readonly vulnerability: Vulnerability; readonly platforms: readonly Platform[] }

/** In memory, by platform; a change makes forgotten what it makes new, and nothing of other platforms. */
export const createVulnerabilities = (): Vulnerabilities => {
  const readVector = createVectorReader()
  const held = new Map<string, Held>()
  const byPlatform = new Map<Platform, OfPlatform>()
  let unmatchable = 0

  const of = (platform: Platform): OfPlatform => {
    const known = byPlatform.get(platform)
    if (known !== undefined) return known
    const made = {
      entries: new Map<string, VulnerabilityEntry>(),
      remembered: createBoundedMap<string, Exposure>(rememberedMax),
    }
    byPlatform.set(platform, made)
    return made
  }

  const remove = (key: string): void => {
    const before = held.get(key)
    if (before === undefined) return
    held.delete(key)
    if (before.platforms.length === 0) unmatchable--
    for (const platform of before.platforms) {
      const known = of(platform)
      known.entries.delete(key)
      known.remembered.clear()
    }
  }

  const put = (key: string, vulnerability: Vulnerability): void => {
    const entries = compileEntries(vulnerability, readVector)
    held.set(key, { vulnerability, platforms: entries.map(([platform]) => platform) })
    if (entries.length === 0) unmatchable++
    for (const [platform, entry] of entries) {
      const known = of(platform)
      known.entries.set(key, entry)
      known.remembered.clear()
    }
  }

  return {
    apply: (changes) => {
      for (const { key, value } of changes) {
        remove(key)
        if (value !== null) put(key, value)
      }
    },
    clear: () => {
      held.clear()
      byPlatform.clear()
      unmatchable = 0
    },
    size: () => held.size,
    unmatchable: () => unmatchable,
    get: (cveId) => held.get(cveId)?.vulnerability,
    *all() {
      for (const { vulnerability } of held.values()) yield vulnerability
    },
    exposure: (platform, device) => {
      const { entries, remembered } = of(platform)
      const key = keyOf(device)
      const known = remembered.get(key)
      if (known !== undefined) return known
      const exposure = exposureOf(entries.values(), device)
      remembered.set(key, exposure)
      return exposure
    },
  }
}
