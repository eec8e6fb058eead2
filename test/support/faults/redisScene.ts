import { rm } from 'node:fs/promises'
import type { Payment } from '../../../src/domain/payment.ts'
import { readAudits } from '../audits.ts'
import { writeMadeUpBundle } from '../model/bundle.ts'
import { featureNames } from '../model/examples.ts'
import { aPayment } from '../payments.ts'
import { startProcessor, type Processor, type ProcessorEnvironment } from '../processor.ts'
import { startProxy, type Proxy } from '../proxy/proxy.ts'
import { connect } from '../redisStores.ts'
import { openScene, type Scene } from '../scene.ts'
import { startServers, type Servers } from '../servers.ts'
import { ownName, type SharedServers } from '../shared.ts'
import type { Answer } from '../switch.ts'
import type { Redis } from 'ioredis'

/** A processor whose Redis is its own, behind a proxy. */
export type RedisScene = {
  readonly scene: Scene
  readonly servers: Servers
  readonly proxy: Proxy
  /** Straight to the server. */
  readonly redis: Redis
  readonly processor: Processor
  /** New accounts: nothing was sent for them yet. */
  readonly newAccounts: () => Accounts
  /** Sends payments of another account, one after another, until one of them is decided with everything known; ms. */
  readonly untilAllIsKnown: () => Promise<number>
  readonly close: () => Promise<void>
}

export type Accounts = {
  readonly sent: readonly Payment[]
  /** The next payment; the accounts take turns. */
  readonly next: () => Payment
  /** Sends one payment of each, and resolves when all of them are decided. */
  readonly sendOneEach: () => Promise<readonly Answer[]>
  /** The answers to what was sent from the n-th payment on. */
  readonly answersFrom: (n: number) => readonly Answer[]
  /** Those of the last payments, one of each account, whose `account.count.1h` is another number than was sent. */
  readonly miscounted: () => Promise<readonly string[]>
  /** Those of all payments whose `account.count.1h` is known and is another number than was sent until then. */
  readonly silentlyWrong: () => Promise<readonly string[]>
}

const accountsEach = 20
/** The features of the model come first in a row, in its order. */
const countOfAccount = featureNames.indexOf('account.count.1h')

const paymentOf = (accountId: string, paymentId: string): Payment =>
  aPayment({ paymentId, accountId, deviceId: `${accountId}-device`, occurredAt: Date.now() })

const portOf = (url: string): number => Number(new URL(url).port)

/** @param settings instead of a deadline of 10 s and a time-out of 1 s: a busy machine is no Redis that is away */
export const openRedisScene = async (
  { brokers }: Pick<SharedServers, 'brokers'>,
  settings: ProcessorEnvironment = {},
): Promise<RedisScene> => {
  const servers = await startServers({ only: 'redis' })
  const redis = await connect(servers.redisUrl)
  const proxy = await startProxy({ host: '127.0.0.1', port: portOf(servers.redisUrl) })
  const models = await writeMadeUpBundle()
  const scene = await openScene(
    { brokers, redisUrl: `redis://127.0.0.1:${proxy.port}` },
    {
      SLUICE_MODELS_DIR: models,
      SLUICE_REDIS_TIMEOUT_MS: '1000',
      SLUICE_DEADLINE_MS: '10000',
      ...settings,
    },
  )
  const { paymentSwitch } = scene
  const audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
  const processor = await startProcessor(scene.environment)

  const newAccounts = (): Accounts => {
    const run = ownName('account')
    const sent: Payment[] = []
    const answersFrom = (n: number) =>
      sent.slice(n).flatMap(({ paymentId }) => paymentSwitch.answersTo(paymentId))
    const next = (): Payment => {
      const payment = paymentOf(`${run}-${sent.length % accountsEach}`, `${run}-payment-${sent.length}`)
      sent.push(payment)
      return payment
    }
    /** Among the last payments. A count is of those of its account that were sent before it, and itself. */
    const differing = async (among: number) => {
      const found: { readonly counted: number; readonly text: string }[] = []
      const from = sent.length - among
      for (const [i, { paymentId, accountId }] of sent.slice(from).entries()) {
        const counted = (await audits.of(paymentId)).features[countOfAccount] ?? NaN
        const expected = sent.slice(0, from + i + 1).filter((each) => each.accountId === accountId).length
        if (counted !== expected) found.push({ counted, text: `${paymentId}: ${counted} of ${expected}` })
      }
      return found
    }
    return {
      sent,
      next,
      answersFrom,
      sendOneEach: async () => {
        const from = sent.length
        await paymentSwitch.send(Array.from({ length: accountsEach }, next))
        await paymentSwitch.allDecided()
        return answersFrom(from)
      },
      miscounted: async () => (await differing(accountsEach)).map(({ text }) => text),
      silentlyWrong: async () =>
        (await differing(sent.length))
          .filter(({ counted }) => !Number.isNaN(counted))
          .map(({ text }) => text),
    }
  }

  return {
    scene,
    servers,
    proxy,
    redis,
    processor,
    newAccounts,
    untilAllIsKnown: async () => {
      const startedAt = performance.now()
      for (let known = false; !known;) {
        const paymentId = ownName('probe')
        await paymentSwitch.send([paymentOf('probe', paymentId)])
        await paymentSwitch.allDecided()
        known = paymentSwitch.answersTo(paymentId)[0]?.degraded.length === 0
      }
      return performance.now() - startedAt
    },
    close: async () => {
      await processor.end()
      redis.disconnect()
      await Promise.all([audits.close(), scene.close()])
      await proxy.close()
      await Promise.all([servers.close(), rm(models, { recursive: true })])
    },
  }
}
