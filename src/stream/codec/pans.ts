import { isPan, looksLikePan } from '../../domain/pan.ts'
import type { RawRecord } from '../record.ts'
import { panFault } from './values.ts'
import type { Fault } from './check.ts'

/** The first text in a value, however deep, that looks like a card number. No recursion: the input may be hostile. */
export const panWithin = (value: unknown): Fault | null => {
  const open: { readonly field: string | null; readonly value: unknown }[] = [{ field: null, value }]
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const { field, value: current } = entry
    if (typeof current === 'string') {
      if (looksLikePan(current)) return { ...panFault(current), field }
    } else if (typeof current === 'object' && current !== null) {
      for (const [name, inner] of Object.entries(current))
        open.push({ field: field ?? (fieldName.test(name) ? name : null), value: inner })
    }
  }
  return null
}

/** What may be told of a field that the sender named: no other text is anybody's to give on. */
const fieldName = /^[A-Za-z_]{1,62}\d{0,2}$/

/** Headers of tracing, in lower case: their ids have sixteen digits in a row often enough. */
const traceHeaders: ReadonlySet<string> = new Set([
  'traceparent',
  'tracestate',
  'b3',
  'uber-trace-id',
  'sentry-trace',
  'x-cloud-trace-context',
])

/**
 * A card number as the record's key or in its headers, which are given on with the decision. In a header of tracing
 * it counts only as a whole.
 */
export const panBeside = ({ key, headers }: RawRecord): Fault | null => {
  if (key !== null) {
    const text = key.toString('latin1')
    if (looksLikePan(text)) return { ...panFault(text), field: 'key' }
  }
  for (const name in headers) {
    if (looksLikePan(name)) return { ...panFault(name), field: 'header' }
    const text = textOf(headers[name])
    if (text !== null && (traceHeaders.has(name.toLowerCase()) ? isPan(text) : looksLikePan(text))) {
      return { ...panFault(text), field: `header ${name}` }
    }
  }
  return null
}

/** A card number anywhere in the bytes of a record that is refused, readable or not; in UTF-16 too. */
export const panAmong = (bytes: Buffer): Fault | null => {
  const text = bytes.toString('latin1')
  return looksLikePan(text) || looksLikePan(text.replaceAll('\0', '')) ? panFault(text) : null
}

export const textOf = (header: Buffer | string | undefined): string | null =>
  header === undefined ? null : typeof header === 'string' ? header : header.toString('latin1')
