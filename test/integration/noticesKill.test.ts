import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHasher } from '../../src/features/hashing.ts'
import { createKeys } from '../../src/features/keys.ts'
import { aFeedback } from '../support/happenings.ts'
import { readNotices, type NoticesRead } from '../support/notices.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { openBeside, type TellBeside } from '../support/toldBeside.ts'
import { untilTrue } from '../support/until.ts'

const payers = 150

describe('the processor is killed while it tells those who paid a mule', () => {
  let scene: Scene
  let processor: Processor
  let notices: NoticesRead
  let beside: TellBeside
  let redis: Redis

  beforeAll(async () => {
    redis = new Redis(sharedServers().redisUrl)
    scene = await openScene(sharedServers())
    processor = await startProcessor(scene.environment)
    notices = await readNotices(scene.kafka, scene.topics, scene.schemas)
    beside = await openBeside(scene)
  })
  afterAll(async () => {
    redis.disconnect()
    await Promise.all([notices.close(), beside.close()])
    await processor.end()
    await scene.close()
  })

  const feedbackApplied = async (): Promise<number> => {
    const text = await (await fetch(`${processor.url}/metrics`)).text()
    return Number(/^sluice_feedback_total\{result="applied"\} (\d+)$/m.exec(text)?.[1] ?? 0)
  }

  const keys = () => createKeys(createHasher(Buffer.from(scene.environment['SLUICE_HASH_KEY'] ?? '', 'hex')))

  const remembered = async (mule: string): Promise<number> =>
    ((await redis.get(keys().recentAccounts('payee', mule))) ?? '').split('\n').length - 1

  it.each([
    { moment: 'the feedback is on its way', isTime: () => Promise.resolve(true) },
    {
      moment: 'the notices are claimed',
      isTime: async (mule: string) => (await redis.exists(keys().notices(mule))) > 0,
    },
    {
      moment: 'Kafka has them',
      isTime: (mule: string) => Promise.resolve(notices.to(mule).length > 0),
    },
  ])(
    'when $moment: each of them is told, and once',
    async ({ isTime }) => {
      const mule = ownName('mule')
      const accounts = Array.from({ length: payers }, () => ownName('payer'))
      await scene.paymentSwitch.send(
        accounts.map((accountId) =>
          aPayment({
            paymentId: ownName('pay'),
            accountId,
            payeeId: mule,
            deviceId: null,
            ipAddress: null,
            occurredAt: Date.now(),
          }),
        ),
      )
      await scene.paymentSwitch.allDecided()
      // Who paid within the last commits before a kill is remembered after it, perhaps too late for this feedback.
      await untilTrue(async () => (await remembered(mule)) === payers)
      const confirmed = aFeedback({
        feedbackId: ownName('feedback'),
        accountId: accounts[0] ?? '',
        payeeId: mule,
        deviceId: null,
        ipAddress: null,
        occurredAt: Date.now(),
        knownAt: Date.now(),
      })
      await beside.feedback([confirmed])
      await untilTrue(() => isTime(mule))
      processor.kill('SIGKILL')
      await processor.exited

      processor = await startProcessor(scene.environment)
      for (const recipient of [mule, ...accounts]) await notices.untilTold(recipient, 1)
      // Sent again by who heard nothing, and taken over.
      const applied = await feedbackApplied()
      await beside.feedback([confirmed])
      await untilTrue(async () => (await feedbackApplied()) > applied)

      const ids = accounts.map((account) => notices.to(account).map(({ noticeId }) => noticeId))
      expect(ids.filter((some) => new Set(some).size !== 1)).toEqual([])
      expect(await scene.checked()).toMatchObject(nothingWrong)
    },
    120_000,
  )
})
