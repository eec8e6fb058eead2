import type { Admin } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createKafka } from '../../src/stream/client.kafka.ts'
import { checkTopics, createTopics } from '../../src/stream/topics.kafka.ts'
import { topicSpecs } from '../../src/stream/topicSpec.ts'
import { ownName, sharedServers } from '../support/shared.ts'

describe('topics on a real broker', () => {
  let admin: Admin
  const optionsOf = (name: string, partitions = 3, historyRetentionDays = 35) => ({
    prefix: `${name}.`,
    partitions,
    historyRetentionDays,
  })

  beforeAll(async () => {
    admin = createKafka({
      brokers: [sharedServers().brokers],
      clientId: 'topics-test',
      log: () => () => undefined,
      warn: (message) => {
        throw new Error(message)
      },
    }).admin()
    await admin.connect()
  })
  afterAll(() => admin.disconnect())

  it('creates what is missing, leaves what exists, and then finds nothing wrong', async () => {
    const specs = topicSpecs(optionsOf(ownName('topics')))
    const names = specs.map(({ name }) => name)
    const [first = '', ...others] = names
    await createTopics(admin, specs.slice(0, 1), 1)
    expect(await createTopics(admin, specs)).toEqual({ created: others, existing: [first] })
    expect(await checkTopics(admin, specs)).toEqual([])
    expect(await createTopics(admin, specs)).toEqual({ created: [], existing: names })
  })

  it('says what is missing without creating it', async () => {
    const specs = topicSpecs(optionsOf(ownName('none')))
    const missing = specs.map(({ name }) => `${name}: does not exist`)
    expect(await checkTopics(admin, specs)).toEqual(missing)
    expect(await checkTopics(admin, specs)).toEqual(missing)
  })

  it('says what differs, in words', async () => {
    const name = ownName('differs')
    await createTopics(admin, topicSpecs(optionsOf(name, 5)).slice(0, 1))
    await createTopics(admin, topicSpecs(optionsOf(name)))
    const mismatches = await checkTopics(admin, topicSpecs(optionsOf(name, 3, 60)))
    expect(mismatches).toContain(`${name}.decisions: has 3 partitions, expected 5 as ${name}.payments has`)
    expect(mismatches).toContain(
      `${name}.payments: retention.ms is ${42 * 86_400_000}, expected at least ${67 * 86_400_000}`,
    )
  })
})
