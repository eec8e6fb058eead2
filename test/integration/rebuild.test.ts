import { rm } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'
import { coverageKey, keyVersion, rebuiltPattern } from '../../src/features/keys.ts'
import { events } from '../../src/offline/simulator/events.ts'
import { createWorld } from '../../src/offline/simulator/world.ts'
import type { SimEvent } from '../../src/offline/simulator/simEvent.ts'
import type { Rebuilt } from '../../src/offline/rebuild/rebuild.ts'
import { createAccountEventCodec } from '../../src/stream/codec/accountEvent.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import { runCommand } from '../support/command.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { connect } from '../support/redisStores.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { sharedServers } from '../support/shared.ts'
import {
  compareTwins,
  countTokens,
  differences,
  openTwin,
  receiver,
  told,
  type Compared,
} from '../support/twins.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000
const days = 20
const hashKey = '0123456789abcdef0123456789abcdef'
const sentAtOnce = 200
/** Histories with more are folded, each at other places. */
const foldAbove = 512

/** 20 days until now, and what comes after. */
const startAt = Date.now() - days * dayMs
const world = createWorld({ seed: 11, accounts: 80, startAt, fraudScale: 10 })
const past = [...events(world, { untilAt: startAt + days * dayMs })]
const future = [...events(world, { untilAt: startAt + (days + 8) * dayMs })].slice(past.length)

/** Every other payment goes to one merchant, whose history becomes long. */
const paymentOf = ({ payment }: SimEvent & { kind: 'payment' }, index: number): Payment =>
  index % 2 === 0 ? { ...payment, merchantId: 'everybody' } : payment

const paymentsIn = (from: readonly SimEvent[]): readonly Payment[] =>
  from.filter((event) => event.kind === 'payment').map(paymentOf)

describe('sluice rebuild', () => {
  let servers: Servers
  let models: string
  let scene: Scene
  let processor: Processor
  let redis: Redis
  let untouched: Redis
  let since: number
  let next: readonly Received[]
  const sent: Payment[] = []

  const publish = async (topic: string, messages: readonly { key: string; value: Buffer }[]) => {
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({ topic, acks: -1, messages: [...messages] })
    await producer.disconnect()
  }

  const metricsSay = (sample: string): Promise<void> =>
    untilTrue(async () =>
      (await (await fetch(`${processor.url}/metrics`)).text()).split('\n').includes(sample),
    )

  const send = async (payments: readonly Payment[]): Promise<void> => {
    for (let from = 0; from < payments.length; from += sentAtOnce) {
      await scene.paymentSwitch.send(payments.slice(from, from + sentAtOnce))
      await scene.paymentSwitch.allDecided()
    }
    sent.push(...payments)
  }

  const live = async (): Promise<void> => {
    const { topics, schemas } = scene
    const reports = past.filter((event) => event.kind === 'deviceHealth')
    const accountEvents = past.filter((event) => event.kind === 'accountEvent')
    const feedback = past.filter((event) => event.kind === 'feedback')
    const [ofHealth, ofEvent, ofFeedback] = [
      createDeviceHealthCodec(schemas),
      createAccountEventCodec(schemas),
      createRiskFeedbackCodec(schemas),
    ]
    const payments = paymentsIn(past)
    await send(payments.slice(0, payments.length / 2))
    await publish(
      topics.deviceHealth,
      reports.map(({ report }) => ({ key: report.deviceId, value: ofHealth.encode(report) })),
    )
    await publish(topics.accountEvents, [
      ...accountEvents.map(({ event }) => ({ key: event.accountId, value: ofEvent.encode(event) })),
      { key: 'nobody', value: Buffer.from('no account event') },
    ])
    await publish(
      topics.riskFeedback,
      feedback.map((each) => ({ key: each.feedback.accountId, value: ofFeedback.encode(each.feedback) })),
    )
    await send(payments.slice(payments.length / 2))
    await metricsSay(`sluice_device_reports_total{result="applied"} ${reports.length}`)
    await metricsSay(`sluice_account_events_total{result="applied"} ${accountEvents.length}`)
    await metricsSay(`sluice_feedback_total{result="applied"} ${feedback.length}`)
    expect(Math.min(reports.length, accountEvents.length, feedback.length)).toBeGreaterThan(20)
  }

  const stopProcessor = async (): Promise<void> => {
    processor.kill('SIGTERM')
    expect(await processor.exited).toBe(0)
  }

  /** Everything as it is now, in another database. */
  const keepCopy = async (): Promise<void> => {
    await untouched.flushdb()
    for (const key of await redis.keys(`${keyVersion}:*`)) await redis.copy(key, key, 'DB', 1)
  }

  const rebuildNow = async (more: readonly string[] = []): Promise<Rebuilt> => {
    const { code, out, err } = await runCommand(
      ['rebuild', '--json', '--covered-since', new Date(since).toISOString(), ...more],
      scene.environment,
    )
    expect({ code, err }).toMatchObject({ code: 0 })
    return JSON.parse(out) as Rebuilt
  }

  /** The next 1,000 payments in what was rebuilt, and in what was never lost. */
  const compareNext = async (): Promise<readonly Compared[]> => {
    const [here, there] = [openTwin(redis, hashKey), openTwin(untouched, hashKey)]
    const compared = await compareTwins(here, there, next)
    await Promise.all([here.close(), there.close()])
    return compared
  }

  const expectEqual = (compared: readonly Compared[]): void => {
    const countOf = countTokens([...sent, ...next.map(({ payment }) => payment)])
    const [exact, folded] = [
      compared.filter((each) => countOf(each) <= foldAbove),
      compared.filter((each) => countOf(each) > foldAbove),
    ]
    expect(exact.length).toBeGreaterThan(100_000)
    expect(told(differences(exact))).toEqual([])
    const guaranteed = folded.filter(({ name }) => /^merchant\.(count|sum|mean|accepted_count)\./.test(name))
    expect(guaranteed.length).toBeGreaterThan(1_000)
    expect(told(guaranteed.filter(({ here, there }) => !(Math.abs(here - there) <= 0.1 * there)))).toEqual([])
  }

  beforeAll(async () => {
    servers = await startServers({ only: 'redis' })
    models = await writeMadeUpBundle()
    scene = await openScene(
      { brokers: sharedServers().brokers, redisUrl: servers.redisUrl },
      {
        SLUICE_MODELS_DIR: models,
        SLUICE_HASH_KEY: hashKey,
        SLUICE_REDIS_TIMEOUT_MS: '2000',
        SLUICE_DEADLINE_MS: '20000',
      },
    )
    redis = await connect(servers.redisUrl)
    untouched = await connect(`${servers.redisUrl}/1`)
    since = Number(await redis.get(coverageKey(0)))
    processor = await startProcessor(scene.environment)
    await live()
    await stopProcessor()
    await keepCopy()
    const received = receiver(scene.schemas, hashKey)
    const from = Date.now() + 3_600_000
    next = paymentsIn(future)
      .slice(0, 1_000)
      .map((payment, i) => received({ ...payment, occurredAt: from + i * 1_000 }, i))
    expect(next.length).toBe(1_000)
  }, 180_000)
  afterAll(async () => {
    redis.disconnect()
    untouched.disconnect()
    await processor.end()
    await Promise.all([scene.close(), servers.close(), rm(models, { recursive: true })])
  })

  it('fills an empty Redis: the features of the next 1,000 payments are those of a Redis that lost nothing', async () => {
    await redis.flushdb()
    const rebuilt = await rebuildNow()
    expect(rebuilt).toMatchObject({ payments: sent.length, refused: 1, shards: 1024, shardsOvertaken: 0 })
    expect(await redis.keys(rebuiltPattern)).toEqual([])
    expectEqual(await compareNext())
  }, 120_000)
})
