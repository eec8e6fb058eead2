import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultRounds } from '../support/long.ts'
import { startProcessor, type Exit, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 500
const roundMs = 120_000
/**
 * A payment that is decided without the journal, as Redis took too long, and decided again after a kill can get two
 * answers (docs/failure-scenarios.md). That is not what is shown here, so a busy machine gets more patience.
 */
const patient = { SLUICE_DEADLINE_MS: '20000', SLUICE_REDIS_TIMEOUT_MS: '10000' }

describe(`the processor is ended while ${perSecond} payments a second come`, () => {
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    scene = await openScene(sharedServers(), patient)
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await scene.close()
  })

  const endAndRestart = async (signal: NodeJS.Signals): Promise<Exit> => {
    processor.kill(signal)
    const exit = await processor.exited
    processor = await startProcessor(scene.environment)
    return exit
  }

  it.each([
    { signal: 'SIGTERM', exit: 0 },
    { signal: 'SIGKILL', exit: 'SIGKILL' },
  ] as const)(
    '$signal: it exits with $exit, and after a restart each payment has one answer',
    async ({ signal, exit }) => {
      const { paymentSwitch } = scene
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName(signal)))
      for (let round = 0; round < faultRounds; round++) {
        await paymentSwitch.decidedMore(perSecond)
        expect(await endAndRestart(signal)).toBe(exit)
      }
      await paymentSwitch.decidedMore(perSecond)
      await stream.stop()
      await paymentSwitch.allDecided()
      const { sent, decided, missing, conflicting, duplicates } = paymentSwitch.verdict()
      expect({ decided, missing, conflicting }).toEqual({ decided: sent, missing: [], conflicting: [] })
      expect(await scene.checked()).toMatchObject(nothingWrong)
      // Who is asked to stop commits what it answered; who is killed cannot.
      if (signal === 'SIGTERM') expect(duplicates).toBe(0)
    },
    faultRounds * roundMs,
  )
})
