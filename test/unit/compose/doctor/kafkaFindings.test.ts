import { describe, expect, test } from 'vitest'
import { kafkaFindings, type KafkaFacts } from '../../../../src/compose/doctor/kafkaFindings.ts'
import { topicSpecs, type FoundTopic } from '../../../../src/stream/topicSpec.ts'

const specs = topicSpecs({ prefix: '', partitions: 1, historyRetentionDays: 35 })
const brokers = ['kafka.example:9092']

const findingsWith = (name = '', changes: Partial<FoundTopic> = {}) => {
  const topics = specs.map((each) => (each.name === name ? { ...each, ...changes } : each))
  return kafkaFindings(specs, { reachable: true, brokers, topics })
}

const configOf = (name: string) => specs.find((each) => each.name === name)?.config ?? {}
const wrongWith = (name: string, config: Readonly<Record<string, string>>) =>
  findingsWith(name, { config: { ...configOf(name), ...config } }).filter(({ status }) => status !== 'ok')

describe('what is found of Kafka', () => {
  test('is one line for each topic where all is as it should be', () => {
    const findings = findingsWith()
    expect(findings.map(({ check }) => check)).toEqual([
      'kafka: reachable',
      ...specs.map(({ name }) => `kafka: ${name}`),
    ])
    expect(findings.every(({ status, advice }) => status === 'ok' && advice === null)).toBe(true)
  })

  test('is one failure where it cannot be reached', () => {
    const facts: KafkaFacts = { reachable: false, brokers, reason: 'ECONNREFUSED' }
    expect(kafkaFindings(specs, facts)).toMatchObject([
      { check: 'kafka: reachable', status: 'failed', found: 'kafka.example:9092: ECONNREFUSED' },
    ])
  })

  test('names a topic that is missing', () => {
    const topics = specs.filter(({ name }) => name !== 'audit')
    const wrong = kafkaFindings(specs, { reachable: true, brokers, topics }).filter(
      ({ status }) => status !== 'ok',
    )
    expect(wrong).toMatchObject([
      { check: 'kafka: audit', status: 'failed', found: 'does not exist', advice: 'sluice topics create' },
    ])
  })

  test('compares the partitions of decisions with those of payments, and says what helps', () => {
    const ofDecisions = (findings: ReturnType<typeof findingsWith>) =>
      findings.find(({ check }) => check === 'kafka: decisions: partitions')
    expect(ofDecisions(findingsWith('payments', { partitions: 4 }))).toMatchObject({
      status: 'failed',
      found: '1',
      expected: '4, as payments has',
      advice: 'kafka-topics.sh --alter --topic decisions --partitions 4',
    })
    expect(ofDecisions(findingsWith('decisions', { partitions: 4 }))?.advice).toContain('make decisions anew')
    expect(ofDecisions(findingsWith('audit', { partitions: 4 }))).toBeUndefined()
  })

  test.each([
    ['payments', { 'message.timestamp.type': 'CreateTime' }, 'warning', 'CreateTime', 'LogAppendTime'],
    ['payments', { 'retention.ms': '1000' }, 'warning', '1000', 'at least 3628800000'],
    ['payments', { 'cleanup.policy': 'compact' }, 'failed', 'compact', 'delete'],
    ['threat-intel', { 'cleanup.policy': 'delete' }, 'failed', 'delete', 'compact'],
    ['dead-letters', { 'max.message.bytes': '1048588' }, 'warning', '1048588', 'at least 2097152'],
  ] as const)('names a setting of %s: %j', (name, config, status, found, expected) => {
    const [setting = ''] = Object.keys(config)
    expect(wrongWith(name, config)).toMatchObject([
      { check: `kafka: ${name}: ${setting}`, status, found, expected },
    ])
    expect(wrongWith(name, config)[0]?.advice).toContain(`--entity-name ${name} --add-config ${setting}=`)
  })

  test('takes a longer retention, and one without end', () => {
    expect(wrongWith('payments', { 'retention.ms': '-1' })).toEqual([])
    expect(wrongWith('payments', { 'retention.ms': '9999999999999' })).toEqual([])
  })
})
