import { createHash } from 'node:crypto'
import type { Tlp } from '../../domain/intelligence.ts'
import { markingOf } from '../stix/tlp.ts'

/** Something that a list names, as a list says it. */
export const listKinds = [
  'ip',
  'domain',
  'email',
  'file',
  'app',
  'certificate',
  'payee',
  'device',
  'phone',
] as const
export type ListKind = (typeof listKinds)[number]

export type Named = {
  readonly kind: ListKind
  readonly value: string
  /** What the list says of it besides; empty: nothing. */
  readonly about: string
}

/** What is said of a whole list. Times are epoch ms. */
export type ListTerms = {
  /** The name of whoever made it. */
  readonly source: string
  readonly at: number
  /** Infinity: no end. */
  readonly until: number
  /** NaN: not known. */
  readonly confidence: number
  readonly tlp: Tlp
}

const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const patternOf = ({ kind, value }: Named): string => {
  switch (kind) {
    case 'ip':
      return `[${value.includes(':') ? 'ipv6-addr' : 'ipv4-addr'}:value = ${quoted(value)}]`
    case 'domain':
      return `[domain-name:value = ${quoted(value)}]`
    case 'email':
      return `[email-addr:value = ${quoted(value)}]`
    case 'file':
      return `[file:hashes.'${algorithmOf(value)}' = ${quoted(value)}]`
    case 'app':
      return `[app:id = ${quoted(value)}]`
    case 'certificate':
      return `[app:cert.${value.length > 40 ? 'sha256' : 'sha1'} = ${quoted(value)}]`
    case 'payee':
    case 'device':
    case 'phone':
      return `[x-sluice-${kind}:value = ${quoted(value)}]`
  }
}

const algorithms: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA-1', 64: 'SHA-256', 128: 'SHA-512' }
const algorithmOf = (hash: string): string => algorithms[hash.length] ?? 'SHA-256'

/** A UUID of version 5 (RFC 9562) of a text, in a name space of our own. */
export const uuidOfText = (text: string): string => {
  const digest = createHash('sha1').update('sluice threat intelligence').update('\0').update(text).digest()
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80
  const hex = digest.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  )
}

const iso = (ms: number): string => new Date(ms).toISOString()

/** Whoever made a list. */
export const identityOf = ({ source, at }: ListTerms) => ({
  type: 'identity',
  spec_version: '2.1',
  id: `identity--${uuidOfText(`identity ${source}`)}`,
  created: iso(at),
  modified: iso(at),
  name: source,
  identity_class: 'organization',
})

/** One entry of a list as an indicator. The same entry of the same source has the same id each time it is imported. */
export const indicatorOf = (named: Named, terms: ListTerms) => {
  const marking = markingOf(terms.tlp)
  return {
    type: 'indicator',
    spec_version: '2.1',
    id: `indicator--${uuidOfText(`${terms.source} ${named.kind} ${named.value}`)}`,
    created_by_ref: identityOf(terms).id,
    created: iso(terms.at),
    modified: iso(terms.at),
    ...(named.about === '' ? {} : { name: named.about }),
    pattern: patternOf(named),
    pattern_type: 'stix',
    valid_from: iso(terms.at),
    ...(terms.until === Infinity ? {} : { valid_until: iso(terms.until) }),
    ...(Number.isNaN(terms.confidence) ? {} : { confidence: terms.confidence }),
    ...(marking === null ? {} : { object_marking_refs: [marking] }),
  }
}
