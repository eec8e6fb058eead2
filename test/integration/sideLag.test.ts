import { Redis } from 'ioredis'
import type { Message } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccountEvent } from '../../src/domain/accountEvent.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { createKeys } from '../../src/features/keys.ts'
import { createAccountEventCodec } from '../../src/stream/codec/accountEvent.ts'
import { lookAt } from '../../src/stream/watermarks.kafka.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { anAccountEvent } from '../support/happenings.ts'
import { copyNotedModels, type NotedModels } from '../support/notedModels.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const limitMs = 4_000
const nobody = { deviceId: null, ipAddress: null, payeeId: null }

describe('a side topic that lags', () => {
  let models: NotedModels
  let scene: Scene
  let processor: Processor
  let audits: Audits
  let redis: Redis

  beforeAll(async () => {
    models = await copyNotedModels()
    scene = await openScene(sharedServers(), {
      SLUICE_MODELS_DIR: models.folder,
      SLUICE_SIDE_LAG_LIMIT_MS: String(limitMs),
      // A busy machine is no Redis that is away.
      SLUICE_REDIS_TIMEOUT_MS: '5000',
      SLUICE_DEADLINE_MS: '20000',
    })
    redis = new Redis(sharedServers().redisUrl)
    processor = await startProcessor(scene.environment)
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
  })
  afterAll(async () => {
    redis.disconnect()
    await audits.close()
    await processor.end()
    await scene.close()
    await models.remove()
  })

  const pay = async (accountId: string) => {
    const payment = aPayment({ ...nobody, accountId, paymentId: ownName('pay'), occurredAt: Date.now() })
    await scene.paymentSwitch.send([payment])
    const { features, decision } = await audits.of(payment.paymentId)
    const valueOf = (name: string): number | undefined => features[models.names.indexOf(name)]
    return {
      degraded: decision.degraded,
      frauds: valueOf('account.fraud_count.7d'),
      failedLogins: valueOf('account.login_failed.1h'),
      paid: valueOf('account.sum.24h'),
    }
  }

  const failedLogin = (accountId: string): AccountEvent =>
    anAccountEvent({ ...nobody, accountId, eventId: ownName('event'), occurredAt: Date.now() })

  const publish = async (messages: readonly Message[]): Promise<void> => {
    const producer = scene.kafka.producer({ allowAutoTopicCreation: false })
    await producer.connect()
    await producer.send({ topic: scene.topics.accountEvents, acks: -1, messages: [...messages] })
    await producer.disconnect()
  }
  const encode = (event: AccountEvent): Buffer => createAccountEventCodec(scene.schemas).encode(event)

  /** What `/metrics` says. */
  const lags = async (): Promise<boolean> => {
    const text = await (await fetch(`${processor.url}/metrics`)).text()
    const [, seconds = NaN] =
      /^sluice_side_topic_lag_seconds\{topic="account-events"\} (.+)$/m.exec(text) ?? []
    return Number(seconds) > limitMs / 1000
  }

  /** Who paid at a time when the watermark was about to move is asked again. */
  const payUntil = async (accountId: string, degraded: readonly string[]) => {
    let paid = await pay(accountId)
    while (paid.degraded.join() !== degraded.join()) paid = await pay(accountId)
    return paid
  }

  it('because what it tells is not taken: its features are not known until all of it is', async () => {
    const account = ownName('acc')
    expect(await payUntil(account, [])).toMatchObject({ failedLogins: 0, frauds: 0 })

    // Redis refuses what belongs to another account: the events behind it in its partition wait.
    const broken = ownName('broken')
    const keys = createKeys(createHasher(Buffer.from(scene.environment.SLUICE_HASH_KEY ?? '', 'hex')))
    await redis.lpush(keys.entity(0, broken).key, 'no log')
    await publish(
      [failedLogin(broken), failedLogin(account), failedLogin(account)].map((event) => ({
        partition: 0,
        value: encode(event),
      })),
    )
    await untilTrue(lags)
    const meanwhile = await payUntil(account, ['account-events'])
    expect(meanwhile).toMatchObject({ failedLogins: NaN, frauds: 0 })
    expect(meanwhile.paid).toBeGreaterThan(0)

    await redis.del(keys.entity(0, broken).key)
    await untilTrue(async () => !(await lags()))
    expect(await payUntil(account, [])).toMatchObject({ failedLogins: 2, frauds: 0 })
  })

  it('because of another instance that has a part of it and stands still', async () => {
    const account = ownName('acc')
    const groupId = `${scene.groupId}-account-events`
    const stuck = scene.kafka.consumer({ groupId, sessionTimeout: 6_000, maxWaitTimeInMs: 50 })
    let isHeld = false
    let letGo = (): void => undefined
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await stuck.connect()
    await stuck.subscribe({ topics: [scene.topics.accountEvents], fromBeginning: true })
    const assigned = new Promise<readonly number[]>((resolve) => {
      stuck.on(stuck.events.GROUP_JOIN, ({ payload }) => {
        const partitions = payload.memberAssignment[scene.topics.accountEvents] ?? []
        if (partitions.length > 0) resolve(partitions)
      })
    })
    await stuck.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async ({ heartbeat }) => {
        isHeld = true
        const beating = setInterval(() => void heartbeat().catch(() => undefined), 1_000)
        await held
        clearInterval(beating)
      },
    })
    const [partition = -1] = await assigned
    await publish([{ partition, value: encode(failedLogin(account)) }])
    await untilTrue(() => isHeld)
    await untilTrue(lags)
    expect(await payUntil(account, ['account-events'])).toMatchObject({ failedLogins: NaN })

    letGo()
    await stuck.disconnect()
    await untilTrue(async () => !(await lags()))
    expect(await payUntil(account, [])).toMatchObject({ failedLogins: 1 })
  })

  it('is none in which nothing but markers of transactions are left', async () => {
    const producer = scene.kafka.producer({
      transactionalId: ownName('tx'),
      idempotent: true,
      maxInFlightRequests: 1,
    })
    await producer.connect()
    for (const partition of [0, 1, 2, 3]) {
      const transaction = await producer.transaction()
      await transaction.send({
        topic: scene.topics.accountEvents,
        messages: [{ partition, value: encode(failedLogin(ownName('never'))) }],
      })
      await transaction.abort()
    }
    await producer.disconnect()

    const admin = scene.kafka.admin()
    await admin.connect()
    const watched = { topic: scene.topics.accountEvents, groupId: `${scene.groupId}-account-events` }
    await untilTrue(async () => {
      const { partitions } = await lookAt(admin, watched, () => 0)
      return partitions.every(({ end, committed }) => committed === end)
    })
    await admin.disconnect()
    expect(await payUntil(ownName('acc'), [])).toMatchObject({ failedLogins: 0 })
  })

  it('and all this time each payment has one answer', async () => {
    expect(await scene.checked()).toMatchObject(nothingWrong)
  })
})
