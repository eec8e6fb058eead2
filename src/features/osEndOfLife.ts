import type { Platform } from '../domain/deviceHealth.ts'
import { createBoundedMap } from './boundedMap.ts'
import { parseVersion } from './osVersion.ts'

/** One line of releases of an operating system, and when its security support ends. */
export type ReleaseCycle = {
  readonly platform: Platform
  /** The parts that a version of it begins with: 10.0.22631, 17, 10.15. */
  readonly parts: readonly number[]
  /** Epoch milliseconds; -Infinity: ended some day in the past; Infinity: no end is known. */
  readonly endsAt: number
}

/** When the support of a version ends: of an edition at `earliest`, of all at `latest`. */
export type SupportEnd = { readonly earliest: number; readonly latest: number }

/** null: no line of releases is known that the version belongs to. */
export type EndOfLife = (platform: Platform, osVersion: string) => SupportEnd | null

const rememberedMax = 20_000

const beginsWith = (version: readonly number[], parts: readonly number[]): boolean =>
  parts.every((part, i) => version[i] === part)

const parse = (platform: Platform, text: string): readonly number[] | null =>
  (platform === 'WINDOWS' ? parseVersion('WINDOWS_BUILD', text) : parseVersion('DOTTED', text))?.parts ?? null

const find = (cycles: readonly ReleaseCycle[], version: readonly number[]): SupportEnd | null => {
  const fitting = cycles.filter(({ parts }) => beginsWith(version, parts))
  const longest = Math.max(...fitting.map(({ parts }) => parts.length))
  const ends = fitting.filter(({ parts }) => parts.length === longest).map(({ endsAt }) => endsAt)
  return ends.length === 0 ? null : { earliest: Math.min(...ends), latest: Math.max(...ends) }
}

/** The line with the most parts counts: 12.1 is its own, not of 12. Editions of one build are several lines. */
export const createEndOfLife = (cycles: readonly ReleaseCycle[]): EndOfLife => {
  const remembered = createBoundedMap<string, SupportEnd | null>(rememberedMax)
  return (platform, osVersion) => {
    const key = `${platform} ${osVersion}`
    const known = remembered.get(key)
    if (known !== undefined) return known
    const version = parse(platform, osVersion)
    const end =
      version === null
        ? null
        : find(
            cycles.filter((cycle) => cycle.platform === platform),
            version,
          )
    remembered.set(key, end)
    return end
  }
}

/** 1: its support has ended at that time. 0: it has not. NaN: it has for some editions only, or nothing is known. */
export const hasEnded = (end: SupportEnd | null, at: number): number => {
  if (end === null) return NaN
  if (at >= end.latest) return 1
  return at < end.earliest ? 0 : NaN
}
