import { text as allText } from 'node:stream/consumers'
import type { Vulnerability } from '../../domain/vulnerability.ts'
import { SluiceError } from '../../errors.ts'
import { checkVulnerability } from '../../stream/codec/vulnerability.ts'
import { csvLines } from '../files/csvLines.ts'
import { readRecords } from '../files/records.file.ts'
import { fileError, openBytes } from '../files/text.file.ts'
import { vulnerabilityFormat } from './format.ts'
import { parseKev } from './kev.ts'
import { createMerged, type Merged } from './merge.ts'
import { createScoreReader } from './scores.ts'

/** Each may be packed (`.gz`). */
export type VulnerabilityFiles = {
  readonly cvss?: string | undefined
  readonly epss?: string | undefined
  readonly kev?: string | undefined
  /** Records of our own contract: what is known besides, such as ranges of versions. */
  readonly records?: string | undefined
}

const addScores = async (merged: Merged, file: string, wanted: 'epss' | 'cvss'): Promise<void> => {
  const reader = createScoreReader(file, wanted.toUpperCase(), wanted)
  try {
    for await (const lines of csvLines(file, openBytes(file).setEncoding('utf8')))
      for (const line of lines) {
        const said = reader.read(line)
        if (said !== null) merged.add(said)
      }
  } catch (cause) {
    throw fileError(file, cause)
  }
}

const addKev = async (merged: Merged, file: string): Promise<void> => {
  const text = await allText(openBytes(file)).catch((cause: unknown) => {
    throw fileError(file, cause)
  })
  for (const said of parseKev(text, file)) merged.add(said)
}

const checked = (vulnerability: Vulnerability): Vulnerability => {
  const fault = checkVulnerability(vulnerability)
  if (fault === null) return vulnerability
  const { cveId } = vulnerability
  throw new SluiceError(
    'FILE_INVALID',
    `${/^CVE-[\d-]{1,30}$/.test(cveId) ? cveId : 'a CVE'}, ${fault.field ?? 'record'}: ${fault.detail}`,
  )
}

/** All that the files say, one record a CVE, each as the topic takes it. @throws SluiceError FILE_INVALID */
export const gatherVulnerabilities = async (files: VulnerabilityFiles): Promise<readonly Vulnerability[]> => {
  const merged = createMerged()
  if (files.cvss !== undefined) await addScores(merged, files.cvss, 'cvss')
  if (files.epss !== undefined) await addScores(merged, files.epss, 'epss')
  if (files.kev !== undefined) await addKev(merged, files.kev)
  if (files.records !== undefined)
    for await (const record of readRecords(files.records, vulnerabilityFormat)) merged.add(record)
  return merged.all().map(checked)
}
