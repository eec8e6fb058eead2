import { parse } from 'yaml'
import { SluiceError } from '../../errors.ts'

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
