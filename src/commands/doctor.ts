import { parseArgs } from 'node:util'
import { redisAccessOf } from '../compose/access.ts'
import { gatherBundleFacts } from '../compose/doctor/bundleFacts.ts'
import { bundleFindings } from '../compose/doctor/bundleFindings.ts'
import { exposureFindings } from '../compose/doctor/exposureFindings.ts'
import type { Finding, Status } from '../compose/doctor/finding.ts'
import { gatherKafkaFacts } from '../compose/doctor/kafkaFacts.kafka.ts'
import { kafkaFindings } from '../compose/doctor/kafkaFindings.ts'
import { gatherRedisFacts } from '../compose/doctor/redisFacts.redis.ts'
import { redisFindings } from '../compose/doctor/redisFindings.ts'
import { gatherSettingsFacts } from '../compose/doctor/settingsFacts.ts'
import { settingsFindings } from '../compose/doctor/settingsFindings.ts'
import { readSettings, type Settings } from '../config.ts'
import { topicSpecs } from '../stream/topicSpec.ts'

export const summary = 'check Redis, Kafka, the models and the settings'

const help = `Usage: sluice doctor [options]

Looks at what sluice run would meet with the environment as it is: how Redis is set up and what its user may do, the
topics in Kafka, the active bundle, the settings. Nothing is changed; each Redis command is tried on a key of the
doctor's own, which expires. The exit code is 0 only if nothing failed; warnings do not count.

Options:
  --json    print the result as JSON
`

const options = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const examine = async (settings: Settings): Promise<readonly Finding[]> => {
  const { topicPrefix: prefix, historyRetentionDays } = settings
  // The number of partitions is the operator's choice; only those that must agree are compared.
  const specs = topicSpecs({ prefix, partitions: 1, historyRetentionDays })
  const [ofSettings, redis, kafka, bundle] = await Promise.all([
    gatherSettingsFacts(settings),
    gatherRedisFacts(settings.redisUrl, redisAccessOf(settings)),
    gatherKafkaFacts(settings, specs),
    gatherBundleFacts(settings),
  ])
  return [
    ...settingsFindings(ofSettings),
    ...exposureFindings(settings),
    ...redisFindings(redis),
    ...kafkaFindings(specs, kafka),
    ...bundleFindings(bundle),
  ]
}

const count = (findings: readonly Finding[], status: Status): number =>
  findings.filter((finding) => finding.status === status).length

const tell = (findings: readonly Finding[]): string => {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const indent = ' '.repeat('warning  '.length)
  const lines = findings.flatMap(({ check, status, found, expected, advice }) => [
    `${status.padEnd(indent.length)}${check.padEnd(width)}  ${found}`,
    ...(advice === null ? [] : [`${indent}  expected: ${expected}`, `${indent}  do: ${advice}`]),
  ])
  const counts = (['failed', 'warning', 'ok'] as const).map(
    (status) => `${status}: ${count(findings, status)}`,
  )
  return [...lines, '', counts.join(', '), ''].join('\n')
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const findings = await examine(readSettings())
  const isSound = count(findings, 'failed') === 0
  process.stdout.write(values.json ? `${JSON.stringify({ ok: isSound, findings })}\n` : tell(findings))
  return isSound ? 0 : 1
}
