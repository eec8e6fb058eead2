import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultsOfServer } from '../support/faults/ofServers.ts'
import { openRedisScene, type RedisScene } from '../support/faults/redisScene.ts'
import { faultDeadlineMs, faultSeconds } from '../support/long.ts'
import { tell } from '../support/measured.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { sharedServers } from '../support/shared.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 100

describe.each(['paused', 'stopped'] as const)('Redis is %s for a while', (how) => {
  let own: RedisScene
  beforeEach(async () => {
    own = await openRedisScene(sharedServers(), {
      SLUICE_DEADLINE_MS: String(faultDeadlineMs),
      SLUICE_REDIS_TIMEOUT_MS: String(Math.min(1_000, faultDeadlineMs / 4)),
    })
  })
  afterEach(() => own.close())

  it(
    'each payment is decided meanwhile, flagged degraded; afterwards nothing is missing from the histories',
    async () => {
      const { paymentSwitch } = own.scene
      const accounts = own.newAccounts()
      const fault = faultsOfServer(own.servers, 'redis')[how]()
      await own.untilAllIsKnown()
      await accounts.sendOneEach()

      await fault.begin()
      const before = accounts.sent.length
      const stream = paymentSwitch.sendSteadily(perSecond, accounts.next)
      await paymentSwitch.decidedMore(perSecond * faultSeconds)
      await stream.stop()
      // Who heard nothing sends again: what was answered before, and meanwhile.
      const again = [...accounts.sent.slice(0, 10), ...accounts.sent.slice(before, before + 10)]
      await paymentSwitch.send(again)
      await untilTrue(() => again.every(({ paymentId }) => paymentSwitch.answersTo(paymentId).length > 1))
      // It is still away: nobody waited for it.
      await paymentSwitch.allDecided()
      const meanwhile = accounts.answersFrom(before)
      expect(meanwhile.filter(({ degraded }) => !degraded.includes('history.account'))).toEqual([])
      expect(meanwhile.filter(({ decision }) => decision.late)).toEqual([])
      expect(await own.processor.isReady()).toBe(false)

      await fault.end()
      const wholeAgainMs = await own.untilAllIsKnown()
      expect(await own.processor.isReady()).toBe(true)
      const last = await accounts.sendOneEach()
      expect(last.filter(({ degraded }) => degraded.length > 0)).toEqual([])
      expect(await accounts.miscounted()).toEqual([])
      const { missing, conflicting } = paymentSwitch.verdict()
      expect({ missing, conflicting }).toEqual({ missing: [], conflicting: [] })
      // Inside the deadline: none was late, and none later than it said.
      expect(await own.scene.checked()).toMatchObject({ ...nothingWrong, unflagged: [] })
      tell(fault.name, {
        decided: meanwhile.length,
        slowestMs: Math.max(...meanwhile.map(({ waitedMs }) => waitedMs)),
        wholeAgainMs,
      })
    },
    60_000 + 2_000 * faultSeconds,
  )
})
