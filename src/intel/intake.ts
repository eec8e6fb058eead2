import type { IntelResult } from '../domain/intelligence.ts'
import type { Loss } from './pattern/loss.ts'
import type { ValueDeps } from './pattern/value.ts'
import { fieldOf, isFields, present, StixError, textField, type Fields } from './stix/fields.ts'
import { parseStixId } from './stix/id.ts'
import { readIndicator } from './stix/indicator.ts'
import type { IntelTable } from './table/table.ts'

export type Taken = {
  readonly result: IntelResult
  /** What of a pattern is not compiled. */
  readonly losses: readonly Loss[]
  /** What is wrong with an invalid object; null for the others. */
  readonly problem: string | null
}

const taken = (result: IntelResult, losses: readonly Loss[] = []): Taken => ({
  result,
  losses,
  problem: null,
})
const invalid = (problem: string): Taken => ({ result: 'invalid', losses: [], problem })

/** Takes objects of intelligence over into the table, one at a time. */
export type Intake = {
  readonly take: (object: unknown) => Taken
  /** The same, where the object must have this id. */
  readonly takeAs: (id: string, object: unknown) => Taken
  /** @param key STIX id of the object that is gone */
  readonly forget: (key: string) => Taken
}

const crowded: Loss = { reason: 'CROWDED', detail: 'listed already' }

export const createIntake = (
  table: Pick<IntelTable, 'put' | 'remove' | 'nameSource'>,
  deps: ValueDeps,
): Intake => {
  const takeIndicator = (fields: Fields): Taken => {
    const indicator = readIndicator(fields, deps)
    const put = table.put(indicator)
    if (put.kind !== 'listed') return taken(put.kind)
    const losses = put.crowded > 0 ? [...indicator.losses, crowded] : indicator.losses
    if (put.kept === 0) return taken('not_compiled', losses)
    return taken(losses.length > 0 ? 'partly' : 'listed', losses)
  }

  const takeIdentity = (fields: Fields): Taken => {
    table.nameSource(
      present(textField(fields, 'id', 320), 'id'),
      present(textField(fields, 'name', 1_024), 'name'),
    )
    return taken('ignored')
  }

  const take = (object: unknown): Taken => {
    if (!isFields(object)) return invalid('expected a JSON object')
    try {
      const type = fieldOf(object, 'type')
      if (type === 'indicator') return takeIndicator(object)
      if (type === 'identity') return takeIdentity(object)
      return typeof type === 'string' ? taken('ignored') : invalid('type: expected the type of a STIX object')
    } catch (error) {
      if (error instanceof StixError) return invalid(error.message)
      throw error
    }
  }

  return {
    take,
    takeAs: (id, object) =>
      isFields(object) && fieldOf(object, 'id') !== id
        ? invalid("id: expected the record's key")
        : take(object),
    forget: (key) => {
      const id = parseStixId(key)
      if (id?.type === 'indicator') table.remove(id.uuid)
      return taken('deleted')
    },
  }
}
