import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Payment } from '../../src/domain/payment.ts'
import { readAudits, type Audits } from '../support/audits.ts'
import { faultSeconds } from '../support/long.ts'
import { writeMadeUpBundle } from '../support/model/bundle.ts'
import { featureNames } from '../support/model/examples.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'

const perSecond = 100
const accounts = Array.from({ length: 20 }, (_, i) => `account-${i}`)
/** The features of the model come first in a row, in its order. */
const countOfAccount = featureNames.indexOf('account.count.1h')

const paymentOf = (accountId: string, paymentId: string): Payment =>
  aPayment({ paymentId, accountId, deviceId: `${accountId}-device`, occurredAt: Date.now() })

describe.each([
  { how: 'paused', leave: 'pause', back: 'resume' },
  { how: 'stopped', leave: 'stop', back: 'start' },
] as const)('Redis is $how for a while', ({ leave, back }) => {
  let servers: Servers
  let models: string
  let scene: Scene
  let audits: Audits
  let processor: Processor
  beforeEach(async () => {
    servers = await startServers({ only: 'redis' })
    models = await writeMadeUpBundle()
    const { brokers } = sharedServers()
    // A busy machine is no Redis that is away, nor late by its own fault.
    scene = await openScene(
      { brokers, redisUrl: servers.redisUrl },
      { SLUICE_MODELS_DIR: models, SLUICE_REDIS_TIMEOUT_MS: '1000', SLUICE_DEADLINE_MS: '10000' },
    )
    audits = await readAudits(scene.kafka, scene.topics, scene.schemas)
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await Promise.all([audits.close(), scene.close(), servers.close(), rm(models, { recursive: true })])
  })

  /** Sends payments of another account, one after another, until one of them is decided with everything known. */
  const untilAllIsKnown = async (): Promise<void> => {
    for (let known = false; !known;) {
      const paymentId = ownName('probe')
      await scene.paymentSwitch.send([paymentOf('probe', paymentId)])
      await scene.paymentSwitch.allDecided()
      known = scene.paymentSwitch.answersTo(paymentId)[0]?.degraded.length === 0
    }
  }

  it(
    'each payment is decided meanwhile, flagged degraded; afterwards nothing is missing from the histories',
    async () => {
      const { paymentSwitch } = scene
      const sent: Payment[] = []
      const next = (): Payment => {
        const accountId = accounts[sent.length % accounts.length] ?? ''
        const payment = paymentOf(accountId, `payment-${sent.length}`)
        sent.push(payment)
        return payment
      }
      const sendOneEach = async (): Promise<readonly Payment[]> => {
        const batch = accounts.map(next)
        await paymentSwitch.send(batch)
        await paymentSwitch.allDecided()
        return batch
      }
      const answersTo = (batch: readonly Payment[]) =>
        batch.flatMap(({ paymentId }) => paymentSwitch.answersTo(paymentId))

      await untilAllIsKnown()
      await sendOneEach()

      await servers[leave]('redis')
      const before = sent.length
      const stream = paymentSwitch.sendSteadily(perSecond, next)
      await paymentSwitch.decidedMore(perSecond * faultSeconds)
      await stream.stop()
      // It is still away: nobody waited for it.
      await paymentSwitch.allDecided()
      const meanwhile = answersTo(sent.slice(before))
      expect(meanwhile.filter(({ degraded }) => !degraded.includes('history.account'))).toEqual([])
      expect(meanwhile.filter(({ decision }) => decision.late)).toEqual([])
      expect(await processor.isReady()).toBe(false)

      await servers[back]('redis')
      await untilAllIsKnown()
      expect(await processor.isReady()).toBe(true)
      const last = await sendOneEach()
      expect(answersTo(last).filter(({ degraded }) => degraded.length > 0)).toEqual([])
      for (const { paymentId, accountId } of last) {
        const counted = (await audits.of(paymentId)).features[countOfAccount]
        expect(counted).toBe(sent.filter((payment) => payment.accountId === accountId).length)
      }
      expect(paymentSwitch.verdict()).toMatchObject({ missing: [], conflicting: [] })
      expect(await scene.checked()).toMatchObject({ ...nothingWrong, unflagged: [] })
    },
    60_000 + 2_000 * faultSeconds,
  )
})
