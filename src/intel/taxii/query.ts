import type { ServedObject, View } from './view.ts'

/** What a request for objects asks for. */
export type Query = {
  /** Only what was added later, microseconds since 1970. */
  readonly afterUs: number
  /** Goes on after the object that was added then. */
  readonly next: number
  readonly limit: number
  readonly ids: ReadonlySet<string> | null
  readonly types: ReadonlySet<string> | null
  readonly specVersions: ReadonlySet<string> | null
  /** Versions by their `modified`, microseconds since 1970; null: the newest, which is the only one that is kept. */
  readonly versions: ReadonlySet<number> | null
}

/** In words what is wrong with a query. */
export type BadQuery = { readonly fault: string }

export const pageMost = 1_000

const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.(?<fraction>\d{1,9}))?Z$/

/** Microseconds since 1970; NaN for what is no STIX timestamp. */
export const microseconds = (text: string): number => {
  const match = timestamp.exec(text)
  if (match === null) return NaN
  const fraction = (match.groups?.['fraction'] ?? '').padEnd(6, '0').slice(0, 6)
  const seconds = Date.parse(text.replace(/\.\d+/, ''))
  return seconds * 1000 + Number(fraction)
}

/** Microseconds since 1970 as a STIX timestamp. */
export const timestampOf = (us: number): string =>
  new Date(Math.floor(us / 1000)).toISOString().replace('Z', `${String(us % 1000).padStart(3, '0')}Z`)

const listOf = (parameters: URLSearchParams, name: string): ReadonlySet<string> | null => {
  const texts = parameters.getAll(name)
  return texts.length === 0 ? null : new Set(texts.flatMap((text) => text.split(',')))
}

const known = new Set([
  'added_after',
  'limit',
  'next',
  'match[id]',
  'match[type]',
  'match[version]',
  'match[spec_version]',
])

const words: ReadonlySet<string> = new Set(['first', 'last', 'all'])

/** `first`, `last` and `all` mean the same here: the one version that is kept. */
const versionsOf = (asked: ReadonlySet<string> | null): ReadonlySet<number> | null => {
  if (asked === null) return null
  const versions = [...asked]
  return versions.some((version) => words.has(version)) ? null : new Set(versions.map(microseconds))
}

export const parseQuery = (parameters: URLSearchParams): Query | BadQuery => {
  for (const name of parameters.keys())
    if (!known.has(name)) return { fault: `expected ${[...known].join(', ')} as parameters` }
  const after = parameters.get('added_after')
  const afterUs = after === null ? -Infinity : microseconds(after)
  if (Number.isNaN(afterUs))
    return { fault: 'added_after: expected a timestamp as 2026-01-05T00:00:00.000000Z' }
  const limit = parameters.get('limit') ?? String(pageMost)
  if (!/^[1-9]\d{0,8}$/.test(limit)) return { fault: 'limit: expected a whole number above 0' }
  const next = parameters.get('next')
  if (next !== null && !/^\d{1,16}$/.test(next)) return { fault: 'next: expected what an earlier page gave' }
  const asked = listOf(parameters, 'match[version]')
  for (const version of asked ?? [])
    if (!words.has(version) && Number.isNaN(microseconds(version)))
      return { fault: 'match[version]: expected first, last, all or timestamps' }
  return {
    afterUs,
    next: next === null ? -Infinity : Number(next),
    limit: Math.min(Number(limit), pageMost),
    ids: listOf(parameters, 'match[id]'),
    types: listOf(parameters, 'match[type]'),
    specVersions: listOf(parameters, 'match[spec_version]'),
    versions: versionsOf(asked),
  }
}

const isIn = (set: ReadonlySet<string> | null, value: string): boolean => set === null || set.has(value)

const isAsked = (query: Query, object: ServedObject): boolean =>
  object.addedUs > query.afterUs &&
  object.addedUs > query.next &&
  isIn(query.ids, object.id) &&
  isIn(query.types, object.type) &&
  isIn(query.specVersions, object.specVersion) &&
  (query.versions === null || query.versions.has(object.versionUs))

/** All that may be asked for, in the order in which they were added; few where the query names few. */
const candidates = (
  view: Pick<View, 'get' | 'addedAfter'>,
  { ids, afterUs, next }: Query,
): Iterable<ServedObject> =>
  ids === null
    ? view.addedAfter(Math.max(afterUs, next))
    : [...ids].flatMap((id) => view.get(id) ?? []).sort((a, b) => a.addedUs - b.addedUs)

export type Page = { readonly objects: readonly ServedObject[]; readonly more: boolean }

/** The objects that are asked for and may be read, as many as fit a page, in the order in which they were added. */
export const pageOf = (
  view: Pick<View, 'get' | 'addedAfter'>,
  query: Query,
  mayRead: (object: ServedObject) => boolean,
): Page => {
  const found: ServedObject[] = []
  for (const object of candidates(view, query)) {
    if (!isAsked(query, object) || !mayRead(object)) continue
    if (found.length === query.limit) return { objects: found, more: true }
    found.push(object)
  }
  return { objects: found, more: false }
}
