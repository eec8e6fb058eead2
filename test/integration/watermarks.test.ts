import { afterAll, beforeAll, expect, it } from 'vitest'
import { createKafka, retryOptions } from '../../src/stream/client.kafka.ts'
import { createTopics } from '../../src/stream/topics.kafka.ts'
import { topicNames, topicSpecs } from '../../src/stream/topicSpec.ts'
import { createWatermarks } from '../../src/stream/watermarks.kafka.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { untilTrue } from '../support/until.ts'

let servers: Servers
beforeAll(async () => {
  servers = await startServers({ only: 'kafka' })
})
afterAll(() => servers.close())

it('while Kafka is away the topics lag, and not once it is back', async () => {
  const kafka = createKafka({
    brokers: [servers.brokers],
    clientId: 'watermarks-test',
    log: () => () => undefined,
    warn: (message) => {
      throw new Error(message)
    },
  })
  const setUp = kafka.admin()
  await setUp.connect()
  await createTopics(setUp, topicSpecs({ prefix: '', partitions: 4, historyRetentionDays: 35 }))
  await setUp.disconnect()

  const changes: boolean[] = []
  const watermarks = createWatermarks({
    watched: [{ name: 'events', topic: topicNames('').accountEvents, groupId: 'nobody-yet' }],
    createAdmin: () => kafka.admin({ retry: { ...retryOptions, retries: 0 } }),
    monotonic: () => performance.now(),
    limitMs: 3_000,
    observeLag: () => undefined,
    onChange: (_name, isLagging) => changes.push(isLagging),
    // Whether a question fails or is answered after all depends on how long Kafka is away.
    onFailure: () => undefined,
  })
  await watermarks.start()
  await untilTrue(() => !watermarks.isLagging('events'))

  const change = (isLagging: boolean): Promise<void> =>
    untilTrue(() => changes.at(-1) === isLagging && watermarks.isLagging('events') === isLagging)
  await servers.stop('kafka')
  await change(true)
  await servers.start('kafka')
  await change(false)
  await servers.pause('kafka')
  await change(true)
  await servers.resume('kafka')
  await change(false)

  await watermarks.stop()
  expect(changes.slice(-4)).toEqual([true, false, true, false])
})
