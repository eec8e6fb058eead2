import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultRounds } from '../support/long.ts'
import { tell } from '../support/measured.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 200
const roundMs = 120_000

describe.each([
  // An answer may stand there twice, and is the same.
  { delivery: 'at-least-once', expected: nothingWrong },
  { delivery: 'exactly-once', expected: { ...nothingWrong, duplicates: 0 } },
])('$delivery delivery', ({ delivery, expected }) => {
  let scene: Scene
  let processors: Processor[]
  const startAnother = async (): Promise<Processor> => {
    const processor = await startProcessor(scene.environment)
    processors.push(processor)
    return processor
  }
  beforeEach(async () => {
    processors = []
    // Commits are rare: much is answered by the one who is stopped, and not committed.
    scene = await openScene(sharedServers(), {
      SLUICE_DELIVERY: delivery,
      SLUICE_DEADLINE_MS: '20000',
      SLUICE_REDIS_TIMEOUT_MS: '7000',
      SLUICE_COMMIT_INTERVAL_MS: '5000',
    })
  })
  afterEach(async () => {
    await Promise.all(processors.map((each) => each.end()))
    await scene.close()
  })

  it(
    'two that believe to own a partition, as one was stopped and goes on: no payment has two answers that differ',
    async () => {
      const { paymentSwitch } = scene
      let owner = await startAnother()
      const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('two-owners')))
      const takeOversMs: number[] = []
      for (let round = 0; round < faultRounds; round++) {
        await paymentSwitch.decidedMore(perSecond)
        owner.kill('SIGSTOP')
        const stoppedAt = performance.now()
        const stopped = owner
        owner = await startAnother()
        await paymentSwitch.decidedMore(perSecond)
        takeOversMs.push(performance.now() - stoppedAt)
        stopped.kill('SIGCONT')
        await paymentSwitch.decidedMore(2 * perSecond)
        stopped.kill('SIGTERM')
        await stopped.exited
      }
      await stream.stop()
      await paymentSwitch.allDecided()
      const { sent, decided, missing, conflicting } = paymentSwitch.verdict()
      expect({ decided, missing, conflicting }).toEqual({ decided: sent, missing: [], conflicting: [] })
      const findings = await scene.checked()
      tell(`two owners, ${delivery}`, {
        rounds: faultRounds,
        sent: findings.sent,
        missing: findings.missing.length,
        contradictory: findings.contradictory.length,
        duplicates: findings.duplicates,
        slowestTakeOverMs: Math.max(...takeOversMs),
      })
      expect(findings).toMatchObject(expected)
    },
    faultRounds * roundMs,
  )
})
