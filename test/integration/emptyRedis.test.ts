import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultRounds } from '../support/long.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { useOwnRedis } from '../support/ownRedis.ts'

const perSecond = 300
const roundMs = 120_000

describe('the processor is killed, and an empty Redis replaces the one that knew its answers', () => {
  const own = useOwnRedis(0)
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    // Commits are rare, so that much is answered and not committed when it is killed.
    scene = await openScene(
      { ...sharedServers(), redisUrl: own.servers.redisUrl },
      { SLUICE_DEADLINE_MS: '20000', SLUICE_COMMIT_INTERVAL_MS: '5000' },
    )
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await scene.close()
  })

  it(
    'each payment has one answer, given once',
    async () => {
      const { paymentSwitch } = scene
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('empty')))
      for (let round = 0; round < faultRounds; round++) {
        await paymentSwitch.decidedMore(2 * perSecond)
        processor.kill('SIGKILL')
        await processor.exited
        await own.redis.flushall()
        processor = await startProcessor(scene.environment)
      }
      await paymentSwitch.decidedMore(perSecond)
      const metrics = await (await fetch(`${processor.url}/metrics`)).text()
      await stream.stop()
      await paymentSwitch.allDecided()
      const { sent, decided, missing, conflicting, duplicates } = paymentSwitch.verdict()
      expect({ decided, missing, conflicting, duplicates }).toEqual({
        decided: sent,
        missing: [],
        conflicting: [],
        duplicates: 0,
      })
      // Else nothing was answered and not committed, and this shows nothing.
      expect(Number(/^sluice_recovered_answers_total (\d+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0)
    },
    faultRounds * roundMs,
  )
})
