import { describe, expect, it } from 'vitest'
import { topicMismatches, topicNames, topicSpecs, type FoundTopic } from '../../../src/stream/topicSpec.ts'

const specs = topicSpecs({ prefix: 'test.', partitions: 4, historyRetentionDays: 35 })
const spec = (name: string) => specs.find((each) => each.name === name)

/** The topics exactly as they should be, but for what is changed in one of them. */
const foundWith = (name = '', changes: Partial<FoundTopic> = {}): readonly FoundTopic[] =>
  specs.map((each) => (each.name === name ? { ...each, ...changes } : each))

describe('topicSpecs', () => {
  it('names every topic once, with the prefix', () => {
    const names = specs.map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set(Object.values(topicNames('test.'))))
    expect(names).toHaveLength(new Set(names).size)
    for (const name of names) expect(name).toMatch(/^test\.[a-z-]+$/)
  })

  it('gives decisions as many partitions as payments', () => {
    expect(spec('test.payments')?.partitions).toBe(4)
    expect(spec('test.decisions')).toMatchObject({ partitions: 4, partitionsAs: 'test.payments' })
  })

  it('keeps what histories are rebuilt from longer than the histories', () => {
    for (const name of ['payments', 'account-events', 'risk-feedback', 'decisions'])
      expect(Number(spec(`test.${name}`)?.config['retention.ms']), name).toBeGreaterThan(35 * 86_400_000)
  })

  it("takes the broker's time for what comes from outside", () => {
    for (const name of ['payments', 'account-events', 'device-health', 'risk-feedback'])
      expect(spec(`test.${name}`)?.config['message.timestamp.type'], name).toBe('LogAppendTime')
  })

  it('lets the broker unpack what a sender compressed', () => {
    for (const name of ['payments', 'account-events', 'device-health', 'risk-feedback'])
      expect(spec(`test.${name}`)?.config['compression.type'], name).toBe('uncompressed')
  })

  it('gives no topic both an end and compaction', () => {
    for (const { config } of specs)
      expect('retention.ms' in config).toBe(config['cleanup.policy'] === 'delete')
  })
})

describe('topicMismatches', () => {
  it('finds nothing where all is as it should be', () => {
    expect(topicMismatches(specs, foundWith())).toEqual([])
  })

  it('names a topic that is missing', () => {
    const found = foundWith().filter(({ name }) => name !== 'test.audit')
    expect(topicMismatches(specs, found)).toEqual(['test.audit: does not exist'])
  })

  it('accepts another number of partitions, but not two for payments and decisions', () => {
    expect(topicMismatches(specs, foundWith('test.audit', { partitions: 1 }))).toEqual([])
    expect(topicMismatches(specs, foundWith('test.payments', { partitions: 12 }))).toEqual([
      'test.decisions: has 4 partitions, expected 12 as test.payments has',
    ])
  })

  it('accepts a longer retention and an endless one, not a shorter one', () => {
    const keeping = (retention: string) =>
      topicMismatches(
        specs,
        foundWith('test.audit', { config: { 'cleanup.policy': 'delete', 'retention.ms': retention } }),
      )
    expect(keeping('9999999999999')).toEqual([])
    expect(keeping('-1')).toEqual([])
    expect(keeping('1000')).toEqual(['test.audit: retention.ms is 1000, expected at least 7776000000'])
  })

  it('does not take an end for no end', () => {
    const config = { 'cleanup.policy': 'delete', 'retention.ms': '9999999999999' }
    expect(topicMismatches(specs, foundWith('test.cases', { config }))).toEqual([
      'test.cases: retention.ms is 9999999999999, expected at least -1',
    ])
  })

  it("names a setting that is not there, and a sender's time", () => {
    const config = spec('test.payments')?.config ?? {}
    const found = foundWith('test.payments', {
      config: { 'message.timestamp.type': 'CreateTime', 'retention.ms': config['retention.ms'] ?? '' },
    })
    expect(topicMismatches(specs, found)).toEqual([
      'test.payments: cleanup.policy is not set, expected delete',
      'test.payments: message.timestamp.type is CreateTime, expected LogAppendTime',
      'test.payments: compression.type is not set, expected uncompressed',
    ])
  })
})
