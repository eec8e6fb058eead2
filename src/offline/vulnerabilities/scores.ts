import { SluiceError } from '../../errors.ts'
import type { Said } from './merge.ts'

/** Names under which the columns are published; compared without case. */
const columnNames = {
  cveId: ['cve'],
  epss: ['epss'],
  percentile: ['percentile', 'epss percentile'],
  cvss: ['cvss3', 'cvss score', 'cvss'],
  published: ['published'],
} as const

type ColumnName = keyof typeof columnNames
type Places = Readonly<Record<ColumnName, number>>

/** The fields of a line, and its number. */
export type Line = { readonly line: number; readonly fields: readonly string[] }

export type ScoreReader = {
  /** null: the line says nothing of a CVE. @throws SluiceError FILE_INVALID */
  readonly read: (line: Line) => Said | null
}

const placesOf = (header: readonly string[]): Places => {
  const lower = header.map((name) => name.trim().toLowerCase())
  const place = (names: readonly string[]): number => lower.findIndex((name) => names.includes(name))
  return {
    cveId: place(columnNames.cveId),
    epss: place(columnNames.epss),
    percentile: place(columnNames.percentile),
    cvss: place(columnNames.cvss),
    published: place(columnNames.published),
  }
}

const dayOf = (text: string): number | null => {
  const [day] = /\d{4}-\d{2}-\d{2}/.exec(text) ?? []
  return day === undefined ? null : Date.parse(`${day}T00:00:00Z`)
}

/**
 * Reads the lines of a CSV of scores in their order, the header first: `cve`, and whichever of EPSS, its percentile,
 * a CVSS base score and the day of publication it has. FIRST's own files have a line of remarks with the day before.
 * @param wanted the score that the file must have
 */
export const createScoreReader = (file: string, source: string, wanted: 'epss' | 'cvss'): ScoreReader => {
  let places: Places | null = null
  let date: number | null = null

  const numberIn = ({ line, fields }: Line, at: number, most: number, what: string): number | null => {
    const text = at < 0 ? '' : (fields[at] ?? '').trim()
    if (text === '') return null
    const value = Number(text)
    if (value >= 0 && value <= most) return value
    throw new SluiceError('FILE_INVALID', `${file}, line ${line}: expected ${what} from 0 to ${most}`)
  }

  const readHeader = ({ fields }: Line): void => {
    if (fields[0]?.startsWith('#') === true) {
      date = dayOf(fields.find((field) => field.startsWith('score_date:')) ?? '')
      return
    }
    const found = placesOf(fields)
    if (found.cveId < 0 || found[wanted] < 0)
      throw new SluiceError(
        'FILE_INVALID',
        `${file}: expected a line with the columns ${columnNames.cveId[0]} and ${columnNames[wanted].join(' or ')}`,
      )
    places = found
  }

  return {
    read: (line) => {
      if (places === null) {
        readHeader(line)
        return null
      }
      const cveId = (line.fields[places.cveId] ?? '').trim()
      const score = numberIn(line, places.epss, 1, 'an EPSS score')
      const percentile = numberIn(line, places.percentile, 1, 'a percentile')
      const cvss = numberIn(line, places.cvss, 10, 'a CVSS score')
      return {
        cveId,
        epss: score === null ? null : { score, percentile, date },
        // Such lists write 0 where no score is known: a hole without any impact has no CVE.
        cvssScore: cvss === 0 ? null : cvss,
        publishedAt: dayOf(places.published < 0 ? '' : (line.fields[places.published] ?? '')),
        source,
      }
    },
  }
}
