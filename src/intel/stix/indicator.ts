import type { Tlp } from '../../domain/intelligence.ts'
import type { Together } from '../pattern/alternatives.ts'
import { compilePattern } from '../pattern/compile.ts'
import type { Loss } from '../pattern/loss.ts'
import { parsePattern } from '../pattern/parse.ts'
import { PatternError, patternLengthMax } from '../pattern/token.ts'
import type { ValueDeps } from '../pattern/value.ts'
import {
  flagField,
  present,
  StixError,
  textField,
  textsField,
  timeField,
  wholeField,
  type Fields,
} from './fields.ts'
import { parseStixId } from './id.ts'
import { tlpOf } from './tlp.ts'

/** One version of an indicator, made ready to be looked up. Times are epoch ms. */
export type Indicator = {
  readonly uuid: string
  readonly modifiedAt: number
  readonly revoked: boolean
  /** From then on it lists: the later of `valid_from` and `created`, as nobody knew of it before. */
  readonly since: number
  /** Infinity: no end is stated. */
  readonly until: number
  /** NaN: not stated. */
  readonly confidence: number
  /** Id of the identity that made it; empty: not stated. */
  readonly createdBy: string
  readonly tlp: Tlp
  readonly alternatives: readonly Together[]
  /** What of the pattern is not compiled. */
  readonly losses: readonly Loss[]
}

const idMax = 320
const markingsMax = 64

const compile = (fields: Fields, deps: ValueDeps): Pick<Indicator, 'alternatives' | 'losses'> => {
  const type = present(textField(fields, 'pattern_type', idMax), 'pattern_type')
  const pattern = present(textField(fields, 'pattern', patternLengthMax), 'pattern')
  if (type !== 'stix')
    return { alternatives: [], losses: [{ reason: 'PATTERN_TYPE', detail: type.slice(0, 32) }] }
  try {
    return compilePattern(parsePattern(pattern), deps)
  } catch (error) {
    if (error instanceof PatternError) throw new StixError(`pattern: ${error.message}`)
    throw error
  }
}

/** @throws StixError what is wrong with the indicator */
export const readIndicator = (fields: Fields, deps: ValueDeps): Indicator => {
  const id = parseStixId(present(textField(fields, 'id', idMax), 'id'))
  if (id?.type !== 'indicator') throw new StixError('id: expected indicator-- and a UUID')
  const created = present(timeField(fields, 'created'), 'created')
  const validFrom = present(timeField(fields, 'valid_from'), 'valid_from')
  const validUntil = timeField(fields, 'valid_until')
  if (validUntil !== null && validUntil <= validFrom)
    throw new StixError('valid_until: expected a time after valid_from')
  const revoked = flagField(fields, 'revoked')
  return {
    uuid: id.uuid,
    modifiedAt: present(timeField(fields, 'modified'), 'modified'),
    revoked,
    since: Math.max(created, validFrom),
    until: validUntil ?? Infinity,
    confidence: wholeField(fields, 'confidence', 0, 100) ?? NaN,
    createdBy: textField(fields, 'created_by_ref', idMax) ?? '',
    tlp: tlpOf(textsField(fields, 'object_marking_refs', markingsMax)),
    ...compile(fields, deps),
  }
}
