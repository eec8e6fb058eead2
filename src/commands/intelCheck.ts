import { checkIntel, openIntelInMemory, type IntelReport } from '../offline/intel/checkIntel.ts'
import { readIntelFile, type IntelFileOptions } from '../offline/intel/readIntel.file.ts'
import type { Result } from './result.ts'

const inWords = ({ file, format, counts, notCompiled, problems }: IntelReport): string =>
  [
    `${file} (${format}): ${counts.listed} compiled, ${counts.partly} in part, ${counts.not_compiled} not compiled, ${counts.invalid} invalid, ${counts.revoked} revoked, ${counts.stale} older versions, ${counts.ignored} other objects`,
    ...notCompiled.map(
      ({ reason, count, meaning, about }) => `  ${count} times ${reason}: ${meaning} (${about.join('; ')})`,
    ),
    ...problems.map(({ problem, count }) => `  ${count} times ${problem}`),
    '',
  ].join('\n')

export type Checked = Result & { readonly invalid: number }

/** Each file by itself, all of them in one table, as the processor would hold them. */
export const check = async (files: readonly string[], options: IntelFileOptions): Promise<Checked> => {
  const memory = openIntelInMemory()
  const reports: IntelReport[] = []
  for (const file of files)
    reports.push(checkIntel({ file, ...(await readIntelFile(file, options)) }, memory))
  const { table } = memory
  return {
    json: { files: reports, indicators: table.size(), bytes: table.bytes() },
    text: `${reports.map(inWords).join('')}${table.size()} indicators, ${table.networks()} networks, ${table.bytes()} bytes\n`,
    invalid: reports.reduce((sum, { counts }) => sum + counts.invalid, 0),
  }
}
