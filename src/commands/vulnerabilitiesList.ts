import { parseArgs } from 'node:util'
import { readVulnerabilityTopic } from '../compose/tablesRead.kafka.ts'
import { readSettings } from '../config.ts'
import { platforms, type Platform } from '../domain/deviceHealth.ts'
import type { Vulnerability } from '../domain/vulnerability.ts'
import { SluiceError } from '../errors.ts'
import { readRecords } from '../offline/files/records.file.ts'
import { vulnerabilityFormat } from '../offline/vulnerabilities/format.ts'
import { rank, threatening, type Ranked } from '../offline/vulnerabilities/ranked.ts'
import { explained, listHeader, listLine, toJson } from '../offline/vulnerabilities/tell.ts'
import { table } from './layout.ts'
import { numberOf } from './options.ts'

const listHelp = `Usage: sluice vulnerabilities list [options]

What to repair first: by priority, then by the day on which the repair is due. An axis that is not known (?) counts as
its worst.

Options:
  --file FILE          NDJSON of records instead of the topic
  --platform NAME      only what affects, or may affect, a device of this platform: ${platforms.slice(1).join(', ')}
  --os-version TEXT    ... and of this version
  --patch-level TEXT   ... and this patch level (YYYY-MM-DD on Android)
  --limit N            lines of the list (20); --json prints all
  --brokers LIST       instead of SLUICE_KAFKA_BROKERS
  --json               print the result as JSON
`

const explainHelp = `Usage: sluice vulnerabilities explain CVE-YYYY-NNNN [options]

Options:
  --file FILE          NDJSON of records instead of the topic
  --brokers LIST       instead of SLUICE_KAFKA_BROKERS
  --json               print the result as JSON
`

const text = { type: 'string' } as const
const options = {
  file: text,
  platform: text,
  'os-version': text,
  'patch-level': text,
  limit: { type: 'string', default: '20' },
  brokers: text,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

type Found = { readonly vulnerabilities: readonly Vulnerability[]; readonly unreadable: number }

const find = async (file: string | undefined, brokers: string | undefined): Promise<Found> => {
  if (file !== undefined) {
    const vulnerabilities: Vulnerability[] = []
    for await (const record of readRecords(file, vulnerabilityFormat)) vulnerabilities.push(record)
    return { vulnerabilities, unreadable: 0 }
  }
  const settings = readSettings(brokers === undefined ? {} : { SLUICE_KAFKA_BROKERS: brokers })
  const { vulnerabilities, refused } = await readVulnerabilityTopic(settings)
  return { vulnerabilities: [...vulnerabilities.all()], unreadable: refused.length }
}

const platformOf = (name: string): Platform => {
  const found = platforms.find((platform) => platform === name.toUpperCase() && platform !== 'UNKNOWN')
  if (found !== undefined) return found
  throw new SluiceError('USAGE', `--platform: expected one of ${platforms.slice(1).join(', ')}`)
}

const listText = (
  ranked: readonly Ranked[],
  limit: number,
  { vulnerabilities, unreadable }: Found,
): string => {
  const shown = ranked.slice(0, limit)
  const unmatchable = ranked.filter(({ platforms: its }) => its.length === 0).length
  return [
    table([listHeader, ...shown.map(listLine)]),
    `${shown.length} of ${ranked.length} shown, ${vulnerabilities.length} in all; ` +
      `${unmatchable} of them match no device: no range of versions on a known platform\n`,
    unreadable === 0 ? '' : `${unreadable} entries of the topic cannot be read\n`,
  ].join('')
}

export const list = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(listHelp)
    return 0
  }
  const limit = numberOf(values.limit, '--limit')
  const version = { osVersion: values['os-version'] ?? null, patchLevel: values['patch-level'] ?? null }
  if (values.platform === undefined && (version.osVersion ?? version.patchLevel) !== null)
    throw new SluiceError('USAGE', '--os-version and --patch-level need --platform')
  const platform = values.platform === undefined ? null : platformOf(values.platform)
  const found = await find(values.file, values.brokers)
  const all = rank(found.vulnerabilities)
  const ranked = platform === null ? all : threatening(all, platform, version)
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ vulnerabilities: ranked.map(toJson), unreadable: found.unreadable })}\n`
      : listText(ranked, limit, found),
  )
  return 0
}

export const explain = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(explainHelp)
    return 0
  }
  const [cveId, ...more] = positionals
  if (cveId === undefined || more.length > 0) throw new SluiceError('USAGE', 'expected one CVE id')
  const { vulnerabilities } = await find(values.file, values.brokers)
  const [ranked] = rank(vulnerabilities.filter((each) => each.cveId === cveId))
  if (ranked === undefined)
    throw new SluiceError(
      'USAGE',
      `${cveId} is not among the ${vulnerabilities.length} vulnerabilities known`,
    )
  process.stdout.write(values.json ? `${JSON.stringify(toJson(ranked))}\n` : explained(ranked))
  return 0
}
