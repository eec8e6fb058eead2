import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../support/faults/fault.ts'
import { faultsOfLine } from '../support/faults/ofLine.ts'
import { faultsOfRedis } from '../support/faults/ofRedis.ts'
import { openRedisScene, type RedisScene } from '../support/faults/redisScene.ts'
import { faultSeconds } from '../support/long.ts'
import { tell } from '../support/measured.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { sharedServers } from '../support/shared.ts'

const perSecond = 100
/** SLUICE_REDIS_TIMEOUT_MS is 1,000 there. */
const beyondTimeoutMs = 1_300

type Degraded = 'all' | 'none' | 'some'
type Trouble = {
  readonly trouble: string
  readonly degraded: Degraded
  readonly of: (own: RedisScene) => Fault
}
const ofLine = ({ proxy }: RedisScene) => faultsOfLine('Redis', proxy)
const ofRedis = ({ redis }: RedisScene) => faultsOfRedis(redis)

const troubles: readonly Trouble[] = [
  { trouble: 'is slow', degraded: 'none', of: (own) => ofLine(own).slow(50) },
  { trouble: 'is slower than its time-out', degraded: 'all', of: (own) => ofLine(own).slow(beyondTimeoutMs) },
  { trouble: 'is behind a narrow line', degraded: 'some', of: (own) => ofLine(own).narrow(20_000) },
  { trouble: 'does not hear', degraded: 'all', of: (own) => ofLine(own).mute() },
  { trouble: 'is not heard', degraded: 'all', of: (own) => ofLine(own).deaf() },
  { trouble: 'refuses connections', degraded: 'all', of: (own) => ofLine(own).refused() },
  { trouble: 'is full', degraded: 'all', of: (own) => ofRedis(own).full() },
  { trouble: 'is read-only', degraded: 'all', of: (own) => ofRedis(own).readOnly() },
]

describe('each payment is decided meanwhile, in time; afterwards nothing is missing from the histories', () => {
  let own: RedisScene
  beforeAll(async () => {
    own = await openRedisScene(sharedServers())
  })
  afterAll(() => own.close())

  it.each(troubles)(
    'Redis $trouble',
    async ({ of, degraded }) => {
      const { paymentSwitch } = own.scene
      const accounts = own.newAccounts()
      await own.untilAllIsKnown()
      await accounts.sendOneEach()
      const before = accounts.sent.length
      const logged = own.processor.log.length
      const fault = of(own)

      await fault.begin()
      const stream = paymentSwitch.sendSteadily(perSecond, accounts.next)
      await paymentSwitch.decidedMore(perSecond * faultSeconds)
      await stream.stop()
      await paymentSwitch.allDecided()
      const meanwhile = accounts.answersFrom(before)
      await fault.end()
      const backMs = await own.untilAllIsKnown()

      const flagged = meanwhile.filter((answer) => answer.degraded.includes('history.account'))
      expect(meanwhile.filter(({ decision }) => decision.late)).toEqual([])
      if (degraded === 'all') expect(flagged).toHaveLength(meanwhile.length)
      if (degraded === 'none') expect(flagged).toEqual([])
      // Each time it is away is said once: a log that says so all the time says nothing.
      const outages = own.processor.log.slice(logged).filter((line) => line.includes('Redis does not answer'))
      expect(outages.length).toBeLessThanOrEqual(faultSeconds)

      const last = await accounts.sendOneEach()
      expect(last.filter((answer) => answer.degraded.length > 0)).toEqual([])
      expect(await accounts.miscounted()).toEqual([])
      tell(fault.name, {
        decided: meanwhile.length,
        degraded: flagged.length,
        slowestMs: Math.max(...meanwhile.map(({ waitedMs }) => waitedMs)),
        wholeAgainMs: backMs,
      })
    },
    60_000 + 2_000 * faultSeconds,
  )

  it('the checker finds nothing wrong with all of it', async () => {
    expect(await own.scene.checked()).toMatchObject({ ...nothingWrong, unflagged: [] })
  })
})
