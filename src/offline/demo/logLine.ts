import { isFields } from '../../stream/codec/check.ts'

/** A line of a log as a person reads it: of a line of JSON its level, its message and that of its error. */
export const readableLine = (line: string): string => {
  const entry = parse(line)
  if (entry === null) return line
  const { level, message, error } = entry
  const cause = isFields(error) ? error['message'] : undefined
  return [level, message, cause].filter((part) => typeof part === 'string').join(': ')
}

const parse = (line: string): Readonly<Record<string, unknown>> | null => {
  try {
    const entry: unknown = JSON.parse(line)
    return isFields(entry) && typeof entry['message'] === 'string' ? entry : null
  } catch {
    return null
  }
}
