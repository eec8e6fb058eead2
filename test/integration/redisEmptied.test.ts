import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOfRedis } from '../support/faults/ofRedis.ts'
import { openRedisScene, type RedisScene } from '../support/faults/redisScene.ts'
import { runCommand } from '../support/command.ts'
import { faultSeconds } from '../support/long.ts'
import { tell } from '../support/measured.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { sharedServers } from '../support/shared.ts'

const perSecond = 100

describe('Redis loses its data while payments come', () => {
  let own: RedisScene
  beforeAll(async () => {
    own = await openRedisScene(sharedServers())
  })
  afterAll(() => own.close())

  it(
    'none is told a history that is silently short, and after a rebuild all is known again',
    async () => {
      const { scene } = own
      const accounts = own.newAccounts()
      await own.untilAllIsKnown()
      await accounts.sendOneEach()
      expect(await accounts.miscounted()).toEqual([])

      const stream = scene.paymentSwitch.sendSteadily(perSecond, accounts.next)
      await scene.paymentSwitch.decidedMore(perSecond)
      await faultsOfRedis(own.redis).emptied().begin()
      const emptiedAt = performance.now()
      await scene.paymentSwitch.decidedMore(perSecond * faultSeconds)
      await stream.stop()
      await scene.paymentSwitch.allDecided()
      const ofLoss = await accounts.sendOneEach()
      expect(ofLoss.filter(({ degraded }) => !degraded.includes('history.account'))).toEqual([])
      expect(await accounts.silentlyWrong()).toEqual([])

      const rebuiltFrom = performance.now()
      const { code, err } = await runCommand(
        ['rebuild', '--json', '--covered-since', new Date(scene.coveredSince).toISOString()],
        { ...scene.environment, SLUICE_REDIS_URL: own.servers.redisUrl },
      )
      expect(code, err).toBe(0)
      const rebuildMs = performance.now() - rebuiltFrom
      await own.untilAllIsKnown()
      const last = await accounts.sendOneEach()
      expect(last.filter(({ degraded }) => degraded.length > 0)).toEqual([])
      expect(await accounts.miscounted()).toEqual([])
      expect(await scene.checked()).toMatchObject({ ...nothingWrong, unflagged: [] })
      tell('Redis loses its data', { rebuildMs, wholeAgainMs: performance.now() - emptiedAt })
    },
    90_000 + 2_000 * faultSeconds,
  )
})
