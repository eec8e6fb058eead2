import { parse } from 'yaml'
import { SluiceError } from '../../errors.ts'
import { featureSets } from '../../features/featureSets.ts'

const nameOf = (entry: unknown): string | null => {
  if (typeof entry === 'string') return entry
  return typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string'
    ? entry.name
    : null
}

const listed = (text: string): unknown => {
  // JSON is YAML too.
  const document: unknown = parse(text)
  if (typeof document !== 'object' || document === null) return undefined
  return 'features' in document ? document.features : document
}

/**
 * The feature names in a text: one a line, or a list under `features` in the YAML of a training specification or the
 * JSON of a model's manifest. @throws SluiceError FILE_INVALID
 */
export const parseFeatureList = (text: string, origin: string): readonly string[] => {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
  if (lines.length > 0 && lines.every((line) => /^[a-z_]+(\.[A-Za-z0-9_@]+)+$/.test(line))) return lines
  const refuse = (cause?: unknown): never => {
    throw new SluiceError(
      'FILE_INVALID',
      `${origin}: expected feature names, one a line, or a list "features"`,
      { cause },
    )
  }
  try {
    const entries = listed(text)
    const names = Array.isArray(entries) ? entries.map(nameOf) : []
    return names.length > 0 && names.every((name) => name !== null) ? names : refuse()
  } catch (cause) {
    return refuse(cause)
  }
}

const setPrefix = '@set:'

/** Whether a `--features` argument names features and sets itself, not a file that does. */
export const isInline = (argument: string): boolean =>
  !argument.startsWith('@') || argument.startsWith(setPrefix)

const namesIn = (item: string): readonly string[] => {
  if (!item.startsWith(setPrefix)) return [item]
  const name = item.slice(setPrefix.length)
  const found = featureSets.find((set) => set.name === name)
  if (found !== undefined) return found.features
  throw new SluiceError(
    'USAGE',
    `--features: there is no set ${JSON.stringify(name)}; sets: ${featureSets.map((set) => set.name).join(', ')}`,
  )
}

/** @throws SluiceError USAGE */
export const withoutRepeats = (names: readonly string[]): readonly string[] => {
  const repeated = names.find((name, at) => names.indexOf(name) !== at)
  if (repeated === undefined) return names
  throw new SluiceError('USAGE', `--features names ${repeated} twice`)
}

/**
 * Names and `@set:NAME`, with commas between. What two sets share, or a set and a name, is in the list once.
 * @throws SluiceError USAGE
 */
export const parseInline = (argument: string): readonly string[] => {
  const items = argument
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return [...new Set(withoutRepeats(items).flatMap(namesIn))]
}
