import { afterEach, beforeEach, describe, expect, it, onTestFailed } from 'vitest'
import { faultRounds } from '../support/long.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 200
/** Of the processor's log, when it hangs or ends; who is refused a connection says so many times. */
const linesShown = 60

describe('Kafka goes away and comes back while payments come', () => {
  let servers: Servers
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    servers = await startServers({ only: 'kafka' })
    const { redisUrl } = sharedServers()
    // A busy machine is no Redis that is away.
    scene = await openScene(
      { brokers: servers.brokers, redisUrl },
      { SLUICE_DEADLINE_MS: '20000', SLUICE_REDIS_TIMEOUT_MS: '10000' },
    )
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await scene.close()
    await servers.close()
  })

  it.each(['stop', 'kill'] as const)(
    '%s: the processor goes on by itself, each payment has one answer, and it still exits with 0',
    async (leave) => {
      const { paymentSwitch } = scene
      onTestFailed(() =>
        console.error(processor.log.filter((line) => !line.includes('ECONNREFUSED')).slice(-linesShown)),
      )
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName(leave)))
      const ended = processor.exited.then((exit): never => {
        throw new Error(`the processor ended (${exit})`)
      })
      const goesOn = async (): Promise<void> => {
        for (let round = 0; round < faultRounds; round++) {
          await paymentSwitch.decidedMore(perSecond)
          await servers[leave]('kafka')
          await servers.start('kafka')
        }
        await paymentSwitch.decidedMore(perSecond)
        await stream.stop()
        await paymentSwitch.allDecided()
      }
      ended.catch(() => undefined)
      await Promise.race([goesOn(), ended])
      const { sent, decided, missing, conflicting } = paymentSwitch.verdict()
      expect({ decided, missing, conflicting }).toEqual({ decided: sent, missing: [], conflicting: [] })
      expect(await scene.checked()).toMatchObject(nothingWrong)
      processor.kill('SIGTERM')
      expect(await processor.exited).toBe(0)
    },
    faultRounds * 120_000,
  )

  it('pause: an instance that Kafka does not answer is not ready, and is again when it does', async () => {
    await servers.pause('kafka')
    await untilTrue(async () => !(await processor.isReady()))
    await servers.resume('kafka')
    await untilTrue(() => processor.isReady())
  }, 120_000)
})
