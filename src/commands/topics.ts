import { parseArgs } from 'node:util'
import { withAdmin } from '../compose/admin.kafka.ts'
import { readSettings, type Settings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { checkTopics, createTopics } from '../stream/topics.kafka.ts'
import { topicSpecs, type TopicSpec } from '../stream/topicSpec.ts'

export const summary = 'create the topics, or check them'

const help = `Usage: sluice topics create|check [options]

  create                    create the topics that are missing; existing ones are left as they are
  check                     say what differs from what is expected; exit code 1 if anything does

Options:
  --brokers HOST:PORT,...   instead of SLUICE_KAFKA_BROKERS
  --partitions N            partitions of payments and decisions, when they are created (4)
  --replication-factor N    copies of each partition (the broker's default)
  --json                    print the result as JSON
`

const options = {
  brokers: { type: 'string' },
  partitions: { type: 'string', default: '4' },
  'replication-factor': { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const positive = (option: string, text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new SluiceError(
      'USAGE',
      `--${option}: expected a whole number above 0, got ${JSON.stringify(text)}`,
    )
  return Number(text)
}

const print = (json: boolean, result: object, lines: readonly string[]): void => {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : lines.map((line) => `${line}\n`).join(''))
}

const create = async (
  settings: Settings,
  specs: readonly TopicSpec[],
  replicationFactor: number,
  json: boolean,
): Promise<number> => {
  const result = await withAdmin(settings, (admin) => createTopics(admin, specs, replicationFactor))
  print(json, result, [
    ...result.created.map((name) => `created   ${name}`),
    ...result.existing.map((name) => `exists    ${name}`),
  ])
  return 0
}

const check = async (settings: Settings, specs: readonly TopicSpec[], json: boolean): Promise<number> => {
  const mismatches = await withAdmin(settings, (admin) => checkTopics(admin, specs))
  const ok = mismatches.length === 0
  print(json, { ok, mismatches }, ok ? [`all ${specs.length} topics are as expected`] : mismatches)
  return ok ? 0 : 1
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const [action, ...more] = positionals
  if ((action !== 'create' && action !== 'check') || more.length > 0)
    throw new SluiceError('USAGE', 'expected `sluice topics create` or `sluice topics check`')

  const settings = readSettings(values.brokers === undefined ? {} : { SLUICE_KAFKA_BROKERS: values.brokers })
  const specs = topicSpecs({
    prefix: settings.topicPrefix,
    partitions: positive('partitions', values.partitions),
    historyRetentionDays: settings.historyRetentionDays,
  })
  const factor = values['replication-factor']
  return action === 'create'
    ? create(settings, specs, factor === undefined ? -1 : positive('replication-factor', factor), values.json)
    : check(settings, specs, values.json)
}
