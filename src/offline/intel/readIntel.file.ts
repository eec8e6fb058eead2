import { parse as parseCsv } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'
import { SluiceError } from '../../errors.ts'
import { isMisp, readMisp } from '../../intel/formats/misp.ts'
import { identityOf, indicatorOf, type ListKind, type ListTerms } from '../../intel/formats/named.ts'
import { readPlainList, type ReadList } from '../../intel/formats/plainList.ts'
import { isKnownHeader, readFamilies, readTable } from '../../intel/formats/stalkerware.ts'
import { fieldOf, isFields } from '../../intel/stix/fields.ts'
import { fileError, openBytes } from '../files/text.file.ts'

/** Objects of a file, and what of it could not be read. */
export type IntelFile = {
  readonly format: 'STIX' | 'MISP' | 'list' | 'table' | 'families'
  readonly objects: readonly unknown[]
  readonly unread: readonly string[]
}

export type IntelFileOptions = {
  /** Whoever made a list; STIX objects say it themselves. */
  readonly terms: ListTerms
  /** What the lines of a plain list are; null: what they look like. */
  readonly as: ListKind | null
}

/** Unpacked. A file is held whole. */
const bytesMax = 268_435_456

const readText = async (file: string): Promise<string> => {
  const pieces: Buffer[] = []
  let length = 0
  try {
    for await (const piece of openBytes(file) as AsyncIterable<Buffer>) {
      length += piece.length
      if (length > bytesMax)
        throw new SluiceError('FILE_INVALID', `${file}: expected at most ${bytesMax} bytes when unpacked`)
      pieces.push(piece)
    }
  } catch (cause) {
    throw fileError(file, cause)
  }
  return Buffer.concat(pieces).toString('utf8')
}

const fromList = (format: IntelFile['format'], { named, unread }: ReadList, terms: ListTerms): IntelFile => ({
  format,
  objects: named.length === 0 ? [] : [identityOf(terms), ...named.map((each) => indicatorOf(each, terms))],
  unread,
})

const fromJson = (file: string, text: string, terms: ListTerms): IntelFile => {
  let root: unknown
  try {
    root = JSON.parse(text)
  } catch (cause) {
    throw fileError(file, cause)
  }
  if (Array.isArray(root)) return { format: 'STIX', objects: root, unread: [] }
  if (isMisp(root)) return fromList('MISP', readMisp(root), terms)
  const objects = isFields(root) && fieldOf(root, 'type') === 'bundle' ? fieldOf(root, 'objects') : [root]
  if (Array.isArray(objects)) return { format: 'STIX', objects, unread: [] }
  throw new SluiceError('FILE_INVALID', `${file}: expected a bundle of STIX objects or an export of MISP`)
}

const fromYaml = (file: string, text: string, terms: ListTerms): IntelFile => {
  let root: unknown
  try {
    root = parseYaml(text, { maxAliasCount: 0 })
  } catch (cause) {
    throw fileError(file, cause)
  }
  if (Array.isArray(root)) return fromList('families', readFamilies(root), terms)
  throw new SluiceError('FILE_INVALID', `${file}: expected a list of families`)
}

const fromCsv = (file: string, text: string, terms: ListTerms): IntelFile => {
  let rows: string[][]
  try {
    rows = parseCsv(text, { bom: true, skip_empty_lines: true, relax_column_count: true })
  } catch (cause) {
    throw fileError(file, cause)
  }
  if (isKnownHeader(rows[0] ?? [])) return fromList('table', readTable(rows), terms)
  throw new SluiceError('FILE_INVALID', `${file}: expected columns such as SHA256, or type and indicator`)
}

/** A bundle of STIX, an export of MISP, or a list, by the file's name and looks. @throws SluiceError FILE_INVALID */
export const readIntelFile = async (file: string, { terms, as }: IntelFileOptions): Promise<IntelFile> => {
  const text = await readText(file)
  const name = file.replace(/\.gz$/, '')
  if (/\.ya?ml$/.test(name)) return fromYaml(file, text, terms)
  if (name.endsWith('.csv')) return fromCsv(file, text, terms)
  return /^\s*[[{]/.test(text)
    ? fromJson(file, text, terms)
    : fromList('list', readPlainList(text, as), terms)
}
