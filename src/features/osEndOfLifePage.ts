import { parse } from 'yaml'
import type { Platform } from '../domain/deviceHealth.ts'
import { SluiceError } from '../errors.ts'
import type { ReleaseCycle } from './osEndOfLife.ts'
import { parseVersion } from './osVersion.ts'

/** The products of endoflife.date that are an operating system of a platform of ours, by their permalink. */
const platformOf: Readonly<Record<string, Platform>> = {
  '/android': 'ANDROID',
  '/ios': 'IOS',
  '/macos': 'MACOS',
  '/windows': 'WINDOWS',
}

type Fields = Readonly<Record<string, unknown>>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null

/** The YAML between the first two lines of three dashes; null: the text does not begin with any. */
const frontMatter = (text: string, origin: string): Fields | null => {
  const [, yaml] = /^---\r?\n([\s\S]*?)\r?\n---\s*(?:\r?\n|$)/.exec(text) ?? []
  if (yaml === undefined) return null
  const refuse = (cause?: unknown): never => {
    throw new SluiceError('FILE_INVALID', `${origin}: expected YAML between its lines of ---`, { cause })
  }
  try {
    const fields: unknown = parse(yaml)
    return isFields(fields) ? fields : refuse()
  } catch (cause) {
    return refuse(cause)
  }
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/

const endOf = (eol: unknown): number | null => {
  if (eol === true) return -Infinity
  if (eol === false) return Infinity
  if (typeof eol !== 'string' || !dayPattern.test(eol)) return null
  const at = Date.parse(`${eol}T00:00:00Z`)
  return Number.isNaN(at) ? null : at
}

/** Windows names its lines by edition and half-year: what a device says is the build. */
const nameOf = (platform: Platform, release: Fields): unknown =>
  platform === 'WINDOWS' ? release['latest'] : release['releaseCycle']

const partsOf = (platform: Platform, name: unknown): readonly number[] | null => {
  if (typeof name !== 'string' && typeof name !== 'number') return null
  const scheme = platform === 'WINDOWS' ? 'WINDOWS_BUILD' : 'DOTTED'
  return parseVersion(scheme, String(name))?.parts ?? null
}

/** The lines of releases that a page tells; some have names that are no version, and are left out. */
export type EndOfLifePage = { readonly cycles: readonly ReleaseCycle[]; readonly leftOut: number }

/**
 * A product page of endoflife.date: front matter with `releases`, each with `releaseCycle` and `eol`.
 * null: it is no page, or about something else than an operating system that devices here report.
 * @throws SluiceError FILE_INVALID
 */
export const parseEndOfLifePage = (text: string, origin: string): EndOfLifePage | null => {
  const { permalink, releases } = frontMatter(text, origin) ?? {}
  const platform = typeof permalink === 'string' ? platformOf[permalink] : undefined
  if (platform === undefined) return null
  if (!Array.isArray(releases)) throw new SluiceError('FILE_INVALID', `${origin}: expected a list "releases"`)
  const cycles = releases.flatMap((release: unknown, i): readonly ReleaseCycle[] => {
    const fields = isFields(release) ? release : {}
    const endsAt = endOf(fields['eol'])
    if (endsAt === null)
      throw new SluiceError(
        'FILE_INVALID',
        `${origin}, releases[${i}].eol: expected true, false or a date (YYYY-MM-DD)`,
      )
    const parts = partsOf(platform, nameOf(platform, fields))
    return parts === null ? [] : [{ platform, parts, endsAt }]
  })
  return { cycles, leftOut: releases.length - cycles.length }
}
