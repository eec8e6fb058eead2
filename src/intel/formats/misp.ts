import { fieldOf, isFields, type Fields } from '../stix/fields.ts'
import type { ListKind, Named } from './named.ts'
import type { ReadList } from './plainList.ts'

/** MISP's types of attributes that stand for one thing; those with a bar hold two, of which one place counts. */
const kinds: ReadonlyMap<string, { readonly kind: ListKind; readonly part: number }> = new Map(
  (
    [
      ['ip-src', 'ip', 0],
      ['ip-dst', 'ip', 0],
      ['ip-src|port', 'ip', 0],
      ['ip-dst|port', 'ip', 0],
      ['domain', 'domain', 0],
      ['hostname', 'domain', 0],
      ['domain|ip', 'domain', 0],
      ['email', 'email', 0],
      ['email-src', 'email', 0],
      ['email-dst', 'email', 0],
      ['md5', 'file', 0],
      ['sha1', 'file', 0],
      ['sha256', 'file', 0],
      ['sha512', 'file', 0],
      ['filename|md5', 'file', 1],
      ['filename|sha1', 'file', 1],
      ['filename|sha256', 'file', 1],
      ['mobile-application-id', 'app', 0],
      ['x509-fingerprint-sha1', 'certificate', 0],
      ['x509-fingerprint-sha256', 'certificate', 0],
      ['phone-number', 'phone', 0],
      ['bank-account-nr', 'payee', 0],
      ['iban', 'payee', 0],
    ] as const
  ).map(([type, kind, part]) => [type, { kind, part }]),
)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** The attributes of an event, those of its objects among them. */
const attributesOf = (event: Fields): readonly unknown[] => [
  ...listOf(fieldOf(event, 'Attribute')),
  ...listOf(fieldOf(event, 'Object')).flatMap((each) =>
    isFields(each) ? listOf(fieldOf(each, 'Attribute')) : [],
  ),
]

const eventsOf = (root: Fields): readonly Fields[] => {
  const response = fieldOf(root, 'response')
  const candidates = [root, fieldOf(root, 'Event'), response, ...listOf(response)]
  return candidates.filter(isFields).flatMap((each) => {
    const event = fieldOf(each, 'Event')
    return isFields(event) ? [each, event] : [each]
  })
}

/** Whether a JSON text is an export of MISP. */
export const isMisp = (root: unknown): root is Fields =>
  isFields(root) && eventsOf(root).some((event) => attributesOf(event).length > 0)

/** Attributes that MISP marks as fit for detection (`to_ids`). */
export const readMisp = (root: Fields): ReadList => {
  const named: Named[] = []
  const unread: string[] = []
  const seen = new Set<unknown>()
  for (const attribute of eventsOf(root).flatMap(attributesOf)) {
    if (seen.has(attribute)) continue
    seen.add(attribute)
    const type = isFields(attribute) ? fieldOf(attribute, 'type') : undefined
    const value = isFields(attribute) ? fieldOf(attribute, 'value') : undefined
    if (!isFields(attribute) || typeof type !== 'string' || typeof value !== 'string') {
      unread.push('attribute: expected a type and a value')
      continue
    }
    const found = kinds.get(type)
    if (fieldOf(attribute, 'to_ids') === false || fieldOf(attribute, 'deleted') === true)
      unread.push('attribute not meant for detection')
    else if (found === undefined)
      unread.push(`attribute type ${type.slice(0, 40)} is not compared with payments`)
    else {
      const comment = fieldOf(attribute, 'comment')
      const about = typeof comment === 'string' ? comment.slice(0, 200) : ''
      named.push({ kind: found.kind, value: value.split('|')[found.part] ?? '', about })
    }
  }
  return { named, unread }
}
