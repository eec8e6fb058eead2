import { z } from 'zod'
import { SluiceError } from '../../errors.ts'
import type { Said } from './merge.ts'

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)

/** The parts that are read; the catalogue's own schema has more. */
const catalogueSchema = z.object({
  catalogVersion: z.string(),
  vulnerabilities: z.array(
    z.object({
      cveID: z.string(),
      vulnerabilityName: z.string(),
      dateAdded: day,
      dueDate: day,
      knownRansomwareCampaignUse: z.string().optional(),
    }),
  ),
})

const startOf = (text: string): number => Date.parse(`${text}T00:00:00Z`)

/** "Unknown" is no "no". */
const ransomware = (text: string | undefined): boolean | null => (text === 'Known' ? true : null)

const parseJson = (text: string, origin: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SluiceError('FILE_INVALID', `${origin}: expected JSON, found something else`, { cause })
  }
}

/** CISA's catalogue of known exploited vulnerabilities, as it is published. @throws SluiceError FILE_INVALID */
export const parseKev = (text: string, origin: string): readonly Said[] => {
  const parsed = catalogueSchema.safeParse(parseJson(text, origin))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`
    throw new SluiceError(
      'FILE_INVALID',
      `${origin}: expected the catalogue of exploited vulnerabilities, ${where}`,
    )
  }
  const { catalogVersion, vulnerabilities } = parsed.data
  return vulnerabilities.map((entry) => ({
    cveId: entry.cveID,
    title: entry.vulnerabilityName,
    kev: {
      dateAdded: startOf(entry.dateAdded),
      dueDate: startOf(entry.dueDate),
      knownRansomware: ransomware(entry.knownRansomwareCampaignUse),
    },
    source: `KEV ${catalogVersion}`,
  }))
}
