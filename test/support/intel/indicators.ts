import { createHash, randomUUID } from 'node:crypto'
import { parsePattern } from '../../../src/intel/pattern/parse.ts'
import { compilePattern } from '../../../src/intel/pattern/compile.ts'
import type { Indicator } from '../../../src/intel/stix/indicator.ts'

export const hashContact = (contact: string): string => createHash('sha256').update(contact).digest('hex')

export const compiled = (pattern: string) => compilePattern(parsePattern(pattern), { hashContact })

/** An object as it stands on the topic, valid unless told otherwise. */
export const stixIndicator = (pattern: string, changes: Readonly<Record<string, unknown>> = {}) => ({
  type: 'indicator',
  spec_version: '2.1',
  id: `indicator--${randomUUID()}`,
  created: '2026-01-01T00:00:00.000Z',
  modified: '2026-01-01T00:00:00.000Z',
  valid_from: '2026-01-01T00:00:00.000Z',
  pattern,
  pattern_type: 'stix',
  ...changes,
})

/** An indicator made ready, listing from the beginning of time unless told otherwise. */
export const anIndicator = (pattern: string, changes: Partial<Indicator> = {}): Indicator => ({
  uuid: randomUUID(),
  modifiedAt: 1,
  revoked: false,
  since: 0,
  until: Infinity,
  confidence: NaN,
  createdBy: '',
  tlp: 'UNMARKED',
  ...compiled(pattern),
  ...changes,
})

/** Keyed hashes need no key in a test: sixteen hexadecimal digits as two halves. */
export const hashText = (text: string) => {
  const digest = createHash('sha256').update(text).digest()
  return { low: digest.readUInt32LE(0), high: digest.readUInt32LE(4) }
}
