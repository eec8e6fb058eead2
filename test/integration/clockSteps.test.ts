import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openClock, untilAhead, type SettableClock } from '../support/faults/clock.ts'
import { tell } from '../support/measured.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import type { Payment } from '../../src/domain/payment.ts'

const perSecond = 100
const hourSeconds = 3_600
/** Longer than the broker waits for a heartbeat. */
const beyondSessionSeconds = 10
const sessionTimeoutMs = '6000'

describe("the processor's clock is set while payments come", () => {
  let clock: SettableClock | null
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    clock = await openClock()
    scene = await openScene(sharedServers(), {
      SLUICE_DEADLINE_MS: '20000',
      SLUICE_SESSION_TIMEOUT_MS: sessionTimeoutMs,
      SLUICE_REDIS_TIMEOUT_MS: '5000',
    })
    processor = await startProcessor(scene.environment, clock?.around)
  })
  afterEach(async () => {
    await processor.end()
    await scene.close()
    await clock?.close()
  })

  it.each([
    { how: 'back by an hour', seconds: -hourSeconds },
    { how: 'ahead by an hour', seconds: hourSeconds },
  ])(
    '$how, and right again',
    async ({ how, seconds }) => {
      if (clock === null) return
      const { paymentSwitch } = scene
      const sent: Payment[] = []
      const make = steadyPayments(ownName('clock'))
      const stream = paymentSwitch.sendSteadily(perSecond, (index) => {
        const payment = make(index)
        sent.push(payment)
        return payment
      })
      const newest = () =>
        sent.findLast(({ paymentId }) => paymentSwitch.answersTo(paymentId).length > 0)?.paymentId ?? ''
      /** By its newest decision. */
      const aheadBy = () =>
        ((paymentSwitch.answersTo(newest())[0]?.decision.decidedAt ?? NaN) - Date.now()) / 1000

      await paymentSwitch.decidedMore(perSecond)
      await clock.setAhead(seconds)
      await untilAhead(seconds, aheadBy)
      const from = paymentSwitch.sentCount()
      await paymentSwitch.decidedMore(perSecond * beyondSessionSeconds)
      const until = paymentSwitch.sentCount()
      await clock.setAhead(0)
      await untilAhead(0, aheadBy)
      await paymentSwitch.decidedMore(perSecond)
      await stream.stop()
      await paymentSwitch.allDecided()

      const meanwhile = sent.slice(from, until).flatMap(({ paymentId }) => paymentSwitch.answersTo(paymentId))
      const late = meanwhile.filter(({ decision }) => decision.late)
      tell(`the clock is set ${how}`, {
        decided: meanwhile.length,
        late: late.length,
        slowestMs: Math.max(...meanwhile.map(({ waitedMs }) => waitedMs)),
      })
      // It was expelled from its group, had it sent no heartbeats.
      const rejoined = processor.log.filter((line) => /rejoin|not aware of this member|expelled/i.test(line))
      expect(rejoined).toEqual([])
      const { missing, conflicting } = paymentSwitch.verdict()
      expect({ missing, conflicting }).toEqual({ missing: [], conflicting: [] })
      expect(await scene.checked()).toMatchObject({ ...nothingWrong, unflagged: [] })
    },
    120_000,
  )
})
