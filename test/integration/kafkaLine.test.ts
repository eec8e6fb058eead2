import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faultsOfLine } from '../support/faults/ofLine.ts'
import { startProxiedKafka, type ProxiedKafka } from '../support/faults/proxiedKafka.ts'
import { tell } from '../support/measured.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 50
/** How long the fault lasts: it is the fault, and no wait for anything. */
const awayMs = 10_000

let kafka: ProxiedKafka
beforeAll(async () => {
  kafka = await startProxiedKafka()
})
afterAll(() => kafka.close())

describe.each([
  // An answer may stand there twice, and is the same.
  { delivery: 'at-least-once', expected: nothingWrong },
  { delivery: 'exactly-once', expected: { ...nothingWrong, duplicates: 0 } },
])('$delivery, the line between processor and broker', ({ delivery, expected }) => {
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    scene = await openScene(
      { brokers: kafka.servers.brokers, redisUrl: sharedServers().redisUrl },
      { SLUICE_DELIVERY: delivery, SLUICE_DEADLINE_MS: '30000', SLUICE_REDIS_TIMEOUT_MS: '7000' },
    )
    processor = await startProcessor({ ...scene.environment, SLUICE_KAFKA_BROKERS: kafka.throughProxy })
  })
  afterEach(async () => {
    kafka.proxy.heal()
    await processor.end()
    await scene.close()
  })

  it('swallows everything in one direction for 10 s, then in the other: each payment has one answer', async () => {
    const { paymentSwitch } = scene
    const { deaf, mute } = faultsOfLine('Kafka', kafka.proxy)
    const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('line')))
    for (const fault of [deaf(), mute()]) {
      await paymentSwitch.decidedMore(perSecond)
      await fault.begin()
      await delay(awayMs)
      await fault.end()
      const endedAt = performance.now()
      await Promise.all([paymentSwitch.allDecided(), paymentSwitch.decidedMore(perSecond)])
      tell(`${fault.name}, ${delivery}`, { allDecidedAfterMs: performance.now() - endedAt })
    }
    await stream.stop()
    await paymentSwitch.allDecided()
    expect(await scene.checked()).toMatchObject(expected)
  }, 180_000)
})
