import { rm } from 'node:fs/promises'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runRebuild } from '../../src/commands/openRebuild.ts'
import { readConfig } from '../../src/config.ts'
import type { Payment } from '../../src/domain/payment.ts'
import type { Received } from '../../src/domain/received.ts'
import { coverageKey, keyVersion, rebuildKey, rebuiltPattern } from '../../src/features/keys.ts'
import { events } from '../../src/offline/simulator/events.ts'
import { createWorld } from '../../src/offline/simulator/world.ts'
import type { SimEvent } from '../../src/offline/simulator/simEvent.ts'
import type { Phase } from '../../src/offline/rebuild/claims.redis.ts'
import type { Rebuilt } from '../../src/offline/rebuild/rebuild.ts'
import { createLog } from '../../src/ops/log.ts'
import { createAccountEventCodec } from '../../src/stream/codec/accountEvent.ts'
import { createDeviceHealthCodec } from '../../src/stream/codec/deviceHealth.ts'
import { createRiskFeedbackCodec } from '../../src/stream/codec/riskFeedback.ts'
import { runCommand, startCommand } from '../support/command.ts'
import { makeUser } from '../support/documentedUsers.ts'
import { rebuildAccounts } from '../support/long.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { startProcessor, type Processor, type ProcessorEnvironment } from '../support/processor.ts'
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
  type Twin,
} from '../support/twins.ts'
import { untilTrue } from '../support/until.ts'

const logs = `${keyVersion}:*}:[acdipm]:*`
const dayMs = 86_400_000
const days = 20
const hashKey = '0123456789abcdef0123456789abcdef'
const sentAtOnce = 200
const paidAtOnce = 64
/** Histories with more are folded, each at other places. */
const foldAbove = 512

/** 20 days until now, and what comes after. */
const startAt = Date.now() - days * dayMs
const world = createWorld({ seed: 11, accounts: rebuildAccounts, startAt, fraudScale: 10 })
const past = [...events(world, { untilAt: startAt + days * dayMs })]
const future = [...events(world, { untilAt: startAt + (days + 20) * dayMs })].slice(past.length)

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
  let toolsUrl: string
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

  const copyTo = async (from: Redis, database: number): Promise<void> => {
    const to = await connect(`${servers.redisUrl}/${database}`)
    await to.flushdb()
    to.disconnect()
    const keys = await from.keys(`${keyVersion}:*`)
    await Promise.all(keys.map((key) => from.copy(key, key, 'DB', database)))
  }

  const rebuildNow = async (more: readonly string[] = []): Promise<Rebuilt> => {
    const { code, out, err } = await runCommand(
      ['rebuild', '--json', '--covered-since', new Date(since).toISOString(), ...more],
      { ...scene.environment, SLUICE_REDIS_URL: toolsUrl },
    )
    expect({ code, err }).toMatchObject({ code: 0 })
    return JSON.parse(out) as Rebuilt
  }

  /** The next 1,000 payments in what was rebuilt, and in what was never lost. */
  const compareNext = async (): Promise<readonly Compared[]> => {
    await copyTo(redis, 2)
    await copyTo(untouched, 3)
    const copies = await Promise.all([2, 3].map((database) => connect(`${servers.redisUrl}/${database}`)))
    const [here, there] = copies.map((copy) => openTwin(copy, hashKey)) as [Twin, Twin]
    const compared = await compareTwins(here, there, next)
    await Promise.all([here.close(), there.close()])
    for (const copy of copies) copy.disconnect()
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
        // The simulated past speaks of payments whose decisions nobody has seen.
        SLUICE_FEEDBACK_TRUST: 'any',
      },
    )
    redis = await connect(servers.redisUrl)
    untouched = await connect(`${servers.redisUrl}/1`)
    toolsUrl = await makeUser(redis, servers.redisUrl, 'sluice-tools', ['-dbsize', '-mset'])
    since = Number(await redis.get(coverageKey(0)))
    processor = await startProcessor(scene.environment)
    await live()
    await stopProcessor()
    await copyTo(redis, 1)
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

  const markerOf = async (shard: number): Promise<number> => Number(await redis.get(coverageKey(shard)))

  it('killed while it reads, it has changed nothing; the next one waits until its claim lapses', async () => {
    await redis.flushdb()
    const first = startCommand(['rebuild'], scene.environment)
    await untilTrue(async () => (await redis.keys(rebuiltPattern)).length > 0)
    first.kill('SIGKILL')
    await first.ended
    expect(await redis.keys(logs)).toEqual([])
    expect(await markerOf(7)).toBeGreaterThan(since)

    const second = await runCommand(['rebuild'], scene.environment)
    expect(second).toMatchObject({ code: 1, out: '' })
    expect(second.err).toContain('another rebuild is under way')
    for (let shard = 0; shard < 1024; shard++) await redis.pexpire(rebuildKey(shard), 1)
    await rebuildNow()
    expectEqual(await compareNext())
  }, 120_000)

  it('told to stop, it lets go; histories that are in their places already are replaced by the next one', async () => {
    await redis.flushdb()
    const started = (signal: AbortSignal, onProgress: (phase: Phase) => void): Promise<Rebuilt> =>
      runRebuild({
        config: readConfig(scene.environment, {}),
        log: createLog({ level: 'silent', instance: 'test', version: 'test' }),
        from: null,
        coveredSince: since,
        again: false,
        replaceUnreadable: false,
        signal,
        onProgress: ({ phase }) => onProgress(phase),
      })
    const interrupted = new AbortController()
    await expect(started(interrupted.signal, () => interrupted.abort())).rejects.toMatchObject({
      code: 'STOPPED',
    })
    expect(await redis.keys(logs)).toEqual([])
    await expect(
      started(new AbortController().signal, (phase) => {
        if (phase === 'merging') throw new Error('told to stop')
      }),
    ).rejects.toThrow('told to stop')
    expect((await redis.keys(logs)).length).toBeGreaterThan(0)
    expect(await redis.keys(rebuiltPattern)).toEqual([])
    expect(await redis.keys('*rebuild')).toEqual([])
    expect(await markerOf(7)).toBeGreaterThan(since)

    await rebuildNow()
    expectEqual(await compareNext())
    expect(await rebuildNow()).toMatchObject({ shards: 0, shardsLeft: 1024, logs: 0 })
    expect(await rebuildNow(['--again'])).toMatchObject({ shards: 1024, shardsLeft: 0 })
    expectEqual(await compareNext())
  }, 180_000)

  it('a history that cannot be read ends it, or is replaced where that is asked for', async () => {
    const [key = ''] = await redis.keys(logs)
    await redis.setrange(key, 0, Buffer.from([0x1f]))
    const { code, err } = await runCommand(['rebuild', '--again'], scene.environment)
    expect(code).toBe(1)
    expect(err).toContain(`the history at ${key} cannot be read`)
    expect(err).toContain('--replace-unreadable')
    expect(await redis.keys(rebuiltPattern)).toEqual([])
    expect(await rebuildNow(['--again', '--replace-unreadable'])).toMatchObject({
      logsReplaced: 1,
      shards: 1024,
    })
    expectEqual(await compareNext())
  }, 240_000)

  it('says what is wrong before it has changed anything', async () => {
    await redis.flushdb()
    const { environment } = scene
    const failed = async (settings: ProcessorEnvironment, ...args: readonly string[]) => {
      const { code, out, err } = await runCommand(['rebuild', ...args], { ...environment, ...settings })
      expect(out).toBe('')
      return { code, err }
    }
    const otherKey = await failed({ SLUICE_HASH_KEY: 'f'.repeat(32) })
    expect(otherKey).toMatchObject({ code: 1 })
    expect(otherKey.err).toContain('SLUICE_HASH_KEY is not the one of the processor')
    const noTopics = await failed({ SLUICE_TOPIC_PREFIX: 'nowhere.' })
    expect(noTopics).toMatchObject({ code: 1 })
    expect(noTopics.err).toContain('there is no nowhere.payments, no nowhere.decisions')
    expect(await failed({}, '--from', 'yesterday')).toMatchObject({ code: 2 })
    expect(await failed({}, '--everything')).toMatchObject({ code: 2 })
    expect(await redis.keys(logs)).toEqual([])
    expect(await redis.keys(rebuiltPattern)).toEqual([])
    expect(await redis.keys('*rebuild')).toEqual([])
  }, 60_000)

  it('without a word about what is complete, windows before the first payment stay unknown', async () => {
    await redis.flushdb()
    const { code, out } = await runCommand(['rebuild', '--json'], scene.environment)
    expect(code).toBe(0)
    const { coveredSince, limitedBy } = JSON.parse(out) as Rebuilt
    // The first payment came to Kafka when this test began, whenever it says that it was made.
    expect(coveredSince).toBeGreaterThan(startAt + days * dayMs)
    expect(limitedBy).toBeNull()
    const compared = await compareNext()
    const unknown = compared.filter(({ name }) => /^account\.count\.30d$/.test(name))
    expect(unknown.length).toBe(1_000)
    expect(told(unknown.filter(({ here }) => !Number.isNaN(here)))).toEqual([])
    // A payment there makes it certain that the account is not new.
    const known = compared.filter(({ name, there }) => name === 'account.is_new' && there === 0)
    expect(known.filter(({ here }) => here === 1)).toEqual([])

    const later = await runCommand(['rebuild', '--json', '--from', '2020-01-01'], scene.environment)
    expect(JSON.parse(later.out)).toMatchObject({ coveredSince, shards: 0, shardsLeft: 1024 })
  }, 60_000)

  it('a processor may run meanwhile: unknown until it is whole, and right from then on', async () => {
    const { paymentSwitch, schemas, environment } = scene
    processor = await startProcessor(environment)
    const upcoming = paymentsIn(future).slice(next.length)
    const come: Payment[] = []
    const payOnce = async (): Promise<readonly string[]> => {
      const batch = Array.from({ length: paidAtOnce }, (_, i) => {
        const number = come.length + i
        const payment = upcoming[number % upcoming.length] as Payment
        return { ...payment, paymentId: `${payment.paymentId}-${number}`, occurredAt: Date.now() }
      })
      come.push(...batch)
      await paymentSwitch.send(batch)
      await paymentSwitch.allDecided()
      return batch.flatMap(({ paymentId }) => paymentSwitch.answersTo(paymentId)[0]?.degraded ?? [])
    }

    await redis.flushdb()
    for (let i = 0; i < 8; i++) expect((await payOnce()).length).toBeGreaterThan(paidAtOnce)
    let isRebuilt = false
    const rebuilding = rebuildNow().finally(() => (isRebuilt = true))
    while (!isRebuilt) await payOnce()
    expect(await rebuilding).toMatchObject({ shards: 1024, shardsOvertaken: 0 })
    expect(come.length).toBeGreaterThan(foldAbove * 2)
    await untilTrue(async () => (await payOnce()).length === 0)
    expect(await payOnce()).toEqual([])
    await stopProcessor()

    const twin = openTwin(untouched, hashKey)
    const received = receiver(schemas, hashKey)
    for (const [i, payment] of come.entries()) {
      const one = received(payment, i)
      await twin.histories.remember([one])
      const outcome = paymentSwitch.answersTo(payment.paymentId)[0]?.decision.outcome ?? 'BLOCK'
      await twin.histories.conclude([{ received: one, outcome }])
    }
    await twin.close()
    sent.push(...come)
    expectEqual(await compareNext())
  }, 240_000)
})
