import { parseArgs } from 'node:util'
import { commandKafka } from '../compose/tablesRead.kafka.ts'
import { readSettings } from '../config.ts'
import type { Vulnerability } from '../domain/vulnerability.ts'
import { SluiceError } from '../errors.ts'
import { platformsOf } from '../features/vulnerabilityEntry.ts'
import { createRecordWriter } from '../offline/files/records.file.ts'
import { isNdjson } from '../offline/files/rows.file.ts'
import { vulnerabilityFormat } from '../offline/vulnerabilities/format.ts'
import { gatherVulnerabilities } from '../offline/vulnerabilities/gather.file.ts'
import { publishVulnerabilities } from '../offline/vulnerabilities/publish.kafka.ts'
import { loadSchemas } from '../stream/codec/schemas.file.ts'
import { createVulnerabilityCodec } from '../stream/codec/vulnerability.ts'
import { topicNames } from '../stream/topicSpec.ts'
import { createProgress } from './progress.ts'

const help = `Usage: sluice vulnerabilities import --kev FILE [--epss FILE] [--cvss FILE] [--records FILE] [options]

Puts one record a CVE on the topic vulnerabilities, where it replaces what the topic had of that CVE. At least one file
is needed; each may be packed (.gz). Where two say something else, the later of this list counts:

  --cvss FILE       CSV with a column cve, a base score (CVSS3, CVSS score) and perhaps Published
  --epss FILE       CSV with the columns cve and epss, and perhaps percentile, such as FIRST publishes
  --kev FILE        CISA's catalogue of known exploited vulnerabilities, JSON
  --records FILE    NDJSON or CSV of our own records (docs/vulnerabilities.md): ranges of versions, vectors, repair

Options:
  --out FILE        write the records to this NDJSON file instead of the topic
  --brokers LIST    instead of SLUICE_KAFKA_BROKERS
  --json            print the result as JSON
`

const text = { type: 'string' } as const
const options = {
  cvss: text,
  epss: text,
  kev: text,
  records: text,
  out: text,
  brokers: text,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const counted = (vulnerabilities: readonly Vulnerability[]) => {
  const count = (has: (each: Vulnerability) => boolean): number => vulnerabilities.filter(has).length
  return {
    vulnerabilities: vulnerabilities.length,
    exploited: count(({ kev }) => kev !== null),
    withEpss: count(({ epss }) => epss !== null),
    withSeverity: count(
      ({ cvss31, cvss40, cvssScore }) => cvss31 !== null || cvss40 !== null || cvssScore !== null,
    ),
    unmatchable: count((each) => platformsOf(each).length === 0),
  }
}

const writeFile = async (file: string, vulnerabilities: readonly Vulnerability[]): Promise<void> => {
  if (!isNdjson(file))
    throw new SluiceError(
      'USAGE',
      '--out: expected a file whose name ends in .ndjson or .jsonl, or .gz after it',
    )
  const writer = createRecordWriter(file, vulnerabilityFormat)
  await writer.writeAll(vulnerabilities)
  await writer.close()
}

const publish = async (
  brokers: string | undefined,
  vulnerabilities: readonly Vulnerability[],
): Promise<string> => {
  const settings = readSettings(brokers === undefined ? {} : { SLUICE_KAFKA_BROKERS: brokers })
  const topic = topicNames(settings.topicPrefix).vulnerabilities
  const codec = createVulnerabilityCodec(await loadSchemas(settings.schemasDir))
  const progress = createProgress('vulnerabilities published')
  try {
    await publishVulnerabilities(
      { kafka: commandKafka(settings), topic, encode: codec.encode, onProgress: progress.at },
      vulnerabilities,
    )
  } catch (cause) {
    const where = `${topic} at ${settings.kafkaBrokers.join(', ')}`
    throw new SluiceError('KAFKA_UNAVAILABLE', `not all could be put on ${where}: import them again`, {
      cause,
      retriable: true,
    })
  } finally {
    progress.end()
  }
  return topic
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const { cvss, epss, kev, records, out } = values
  if ([cvss, epss, kev, records].every((file) => file === undefined))
    throw new SluiceError('USAGE', 'expected at least one of --kev, --epss, --cvss and --records')
  const vulnerabilities = await gatherVulnerabilities({ cvss, epss, kev, records })
  if (out !== undefined) await writeFile(out, vulnerabilities)
  const to = out ?? (await publish(values.brokers, vulnerabilities))
  const result = { ...counted(vulnerabilities), to }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${result.vulnerabilities} vulnerabilities to ${to}: ${result.exploited} exploited, ${result.withEpss} with EPSS, ` +
          `${result.withSeverity} with a CVSS score, ${result.unmatchable} without a range on a known platform\n`,
  )
  return 0
}
