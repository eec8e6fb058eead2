import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 100

describe.each([
  // An answer may stand there twice, and is the same.
  { delivery: 'at-least-once', expected: nothingWrong },
  { delivery: 'exactly-once', expected: { ...nothingWrong, duplicates: 0 } },
])('$delivery, three brokers of which one is away', ({ delivery, expected }) => {
  let servers: Servers
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    servers = await startServers({ only: 'kafka', brokers: 3 })
    scene = await openScene(
      { brokers: servers.brokers, redisUrl: sharedServers().redisUrl },
      { SLUICE_DELIVERY: delivery, SLUICE_DEADLINE_MS: '20000', SLUICE_REDIS_TIMEOUT_MS: '7000' },
    )
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await scene.close()
    await servers.close()
  })

  // Each broker leads something that matters: partitions, the group or the transactions.
  it.each([
    { leave: 'kill', comeBack: 'start', broker: 'kafka-1' },
    { leave: 'pause', comeBack: 'resume', broker: 'kafka-2' },
  ] as const)(
    '$leave $broker: payments are decided without it, and each has one answer after its return',
    async ({ leave, comeBack, broker }) => {
      const { paymentSwitch } = scene
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName(leave)))
      await paymentSwitch.decidedMore(perSecond)
      await servers[leave](broker)
      await paymentSwitch.decidedMore(3 * perSecond)
      await servers[comeBack](broker)
      await paymentSwitch.decidedMore(perSecond)
      await stream.stop()
      await paymentSwitch.allDecided()
      const { sent, decided, missing, conflicting } = paymentSwitch.verdict()
      expect({ decided, missing, conflicting }).toEqual({ decided: sent, missing: [], conflicting: [] })
      expect(await scene.checked()).toMatchObject(expected)
    },
    240_000,
  )
})
