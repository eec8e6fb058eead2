import { SluiceError } from '../../errors.ts'
import { fieldOf, isFields, type Fields } from '../stix/fields.ts'

/** A collection that may be read. */
export type Collection = { readonly id: string; readonly title: string }

/** One page of a collection's objects (TAXII 2.1, section 3.7: an envelope). */
export type Page = {
  readonly objects: readonly unknown[]
  /** Stands for the next page; null: there is none. */
  readonly next: string | null
}

/** The server did not keep to TAXII. */
const unlike = (what: string): SluiceError => new SluiceError('TAXII_FAILED', `TAXII: expected ${what}`)

const objectIn = (body: unknown): Fields => {
  if (isFields(body)) return body
  throw unlike('a JSON object')
}

const textIn = (fields: Fields, name: string): string | null => {
  const value = fieldOf(fields, name)
  return typeof value === 'string' && value !== '' && value.length <= 2_048 ? value : null
}

const listMax = 1_000

const listIn = (fields: Fields, name: string): readonly unknown[] => {
  const value = fieldOf(fields, name) ?? []
  if (Array.isArray(value) && value.length <= listMax) return value
  throw unlike(`${name} to be a list of at most ${listMax}`)
}

/** The API roots that a discovery names; empty where the answer is no discovery. @throws SluiceError TAXII_FAILED */
export const apiRootsIn = (body: unknown): readonly string[] =>
  listIn(objectIn(body), 'api_roots').filter((each) => typeof each === 'string')

/** @throws SluiceError TAXII_FAILED */
export const collectionsIn = (body: unknown): readonly Collection[] =>
  listIn(objectIn(body), 'collections')
    .filter(isFields)
    .filter((each) => fieldOf(each, 'can_read') === true)
    .map((each) => {
      const id = textIn(each, 'id')
      if (id === null) throw unlike('a collection to have an id')
      return { id, title: textIn(each, 'title') ?? id }
    })

/** An empty answer is an empty page. @throws SluiceError TAXII_FAILED */
export const pageIn = (body: unknown): Page => {
  const fields = objectIn(body)
  const objects = fieldOf(fields, 'objects') ?? []
  if (!Array.isArray(objects)) throw unlike('objects to be a list')
  const next = fieldOf(fields, 'more') === true ? textIn(fields, 'next') : null
  if (fieldOf(fields, 'more') === true && next === null) throw unlike('next where there is more')
  return { objects, next }
}
