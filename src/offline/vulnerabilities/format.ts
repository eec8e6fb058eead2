import { remediations, repairEfforts, type Vulnerability } from '../../domain/vulnerability.ts'
import { checkVulnerability } from '../../stream/codec/vulnerability.ts'
import { json, number, orElse, orNull, symbol, text, time } from '../files/columns.ts'
import type { RowFormat } from '../files/row.ts'

/** Records of the topic `vulnerabilities` in a file; what is left out is not known. */
export const vulnerabilityFormat: RowFormat<Vulnerability> = {
  columns: {
    cveId: text,
    title: orNull(text),
    publishedAt: orNull(time),
    modifiedAt: orNull(time),
    cvss31: orNull(text),
    cvss40: orNull(text),
    cvssScore: orNull(number),
    kev: orNull(json()),
    epss: orNull(json()),
    affected: orElse(json(), []),
    remediation: orElse(symbol(remediations), 'UNKNOWN'),
    repairEffort: orElse(symbol(repairEfforts), 'UNKNOWN'),
    source: orNull(text),
  },
  check: checkVulnerability,
}
