import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultRounds } from '../support/long.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 200
const roundMs = 120_000

describe('exactly-once delivery', () => {
  let scene: Scene
  let processors: Processor[]
  const startAnother = async (): Promise<Processor> => {
    const processor = await startProcessor(scene.environment)
    processors.push(processor)
    return processor
  }
  beforeEach(async () => {
    processors = []
    scene = await openScene(sharedServers(), {
      SLUICE_DELIVERY: 'exactly-once',
      SLUICE_DEADLINE_MS: '20000',
      SLUICE_REDIS_TIMEOUT_MS: '7000',
    })
  })
  afterEach(async () => {
    await Promise.all(processors.map((each) => each.end()))
    await scene.close()
  })

  /** Every payment has its answer, and a `read_committed` reader sees it once. */
  const expectOnce = async (): Promise<void> => {
    await scene.paymentSwitch.allDecided()
    const { sent, decided, missing, conflicting, duplicates } = scene.paymentSwitch.verdict()
    expect({ decided, missing, conflicting, duplicates }).toEqual({
      decided: sent,
      missing: [],
      conflicting: [],
      duplicates: 0,
    })
    expect(await scene.checked()).toMatchObject({ ...nothingWrong, duplicates: 0 })
  }

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    '%s and a restart: each payment is answered once',
    async (signal) => {
      const { paymentSwitch } = scene
      let processor = await startAnother()
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName(signal)))
      for (let round = 0; round < faultRounds; round++) {
        await paymentSwitch.decidedMore(perSecond)
        processor.kill(signal)
        const exit = await processor.exited
        if (signal === 'SIGTERM') expect(exit).toBe(0)
        processor = await startAnother()
      }
      await paymentSwitch.decidedMore(perSecond)
      await stream.stop()
      await expectOnce()
    },
    faultRounds * roundMs,
  )
})
