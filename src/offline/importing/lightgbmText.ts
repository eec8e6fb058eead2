import { refuse } from './refuse.ts'

/** One part of LightGBM's text: `key=value` lines. A key without a value is a flag, its text empty. */
export type Section = ReadonlyMap<string, string>

const sectionOf = (lines: readonly string[]): Section =>
  new Map(
    lines
      .filter((line) => line.trim() !== '')
      .map((line) => {
        const at = line.indexOf('=')
        return at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
      }),
  )

/** The header and one section a tree; what follows `end of trees` is for people. */
export const splitLightgbm = (
  text: string,
  origin: string,
): { readonly header: Section; readonly trees: readonly Section[] } => {
  const lines = text.split(/\r?\n/)
  const end = lines.indexOf('end of trees')
  if (lines[0]?.trim() !== 'tree')
    refuse(origin, 'expected a text model of LightGBM, which begins with the line "tree"')
  if (end < 0) refuse(origin, 'expected the line "end of trees": the file is not whole')
  const starts = lines.flatMap((line, at) => (at < end && /^Tree=\d+$/.test(line) ? [at] : []))
  return {
    header: sectionOf(lines.slice(1, starts[0] ?? end)),
    trees: starts.map((start, at) => sectionOf(lines.slice(start + 1, starts[at + 1] ?? end))),
  }
}

/** The text under a key that must be there. */
export const textOf = (section: Section, key: string, origin: string): string =>
  section.get(key) ?? refuse(origin, `expected ${key}=`)

const infinities: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity }

/** Numbers with spaces between; C++ writes an infinity as `inf`. */
export const numbersOf = (
  section: Section,
  key: string,
  count: number,
  origin: string,
): readonly number[] => {
  const words = textOf(section, key, origin)
    .split(/\s+/)
    .filter((word) => word !== '')
  const numbers = words.map((word) => infinities[word] ?? Number(word))
  if (numbers.length === count && !numbers.some(Number.isNaN)) return numbers
  return refuse(
    origin,
    `${key}: expected ${count} numbers, found ${JSON.stringify(words.slice(0, 5).join(' '))}`,
  )
}

/** One whole number. */
export const countOf = (section: Section, key: string, origin: string): number => {
  const [count = NaN] = numbersOf(section, key, 1, origin)
  return Number.isInteger(count) ? count : refuse(origin, `${key}: expected a whole number, found ${count}`)
}
