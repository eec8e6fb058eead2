import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faultsOfLine } from '../support/faults/ofLine.ts'
import { startProxiedKafka, type ProxiedKafka } from '../support/faults/proxiedKafka.ts'
import { tell } from '../support/measured.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 50
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
    kafka.proxy.refuse(false)
    await processor.end()
    await scene.close()
  })

  it.each([
    { line: 'answers vanish', of: () => faultsOfLine('Kafka', kafka.proxy).deaf() },
    { line: 'questions vanish', of: () => faultsOfLine('Kafka', kafka.proxy).mute() },
    { line: 'connections are refused', of: () => faultsOfLine('Kafka', kafka.proxy).refused() },
  ])(
    '$line for 10 s: each payment has one answer afterwards',
    async ({ line, of }) => {
      const { paymentSwitch } = scene
      const fault = of()
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('line')))
      await paymentSwitch.decidedMore(perSecond)
      await fault.begin()
      const beganAt = performance.now()
      await untilTrue(() => performance.now() - beganAt >= awayMs)
      await fault.end()
      const endedAt = performance.now()
      const sentBefore = paymentSwitch.allDecided()
      await paymentSwitch.decidedMore(perSecond)
      await sentBefore
      const backMs = performance.now() - endedAt
      await stream.stop()
      await paymentSwitch.allDecided()
      const findings = await scene.checked()
      expect(findings).toMatchObject(expected)
      tell(`line to Kafka, ${line}, ${delivery}`, {
        sent: findings.sent,
        duplicates: findings.duplicates,
        allDecidedAfterMs: backMs,
      })
    },
    180_000,
  )
})
