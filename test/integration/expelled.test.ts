import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { faultsOfLine } from '../support/faults/ofLine.ts'
import { prepareStall, type Stall } from '../support/faults/stall.ts'
import { tell } from '../support/measured.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { startProxy, type Proxy } from '../support/proxy/proxy.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'

const perSecond = 100

describe.each([
  // An answer may stand there twice, and is the same.
  { delivery: 'at-least-once', expected: nothingWrong },
  { delivery: 'exactly-once', expected: { ...nothingWrong, duplicates: 0 } },
])('$delivery', ({ delivery, expected }) => {
  let scene: Scene
  let proxy: Proxy
  let stall: Stall
  let slow: Processor
  let successor: Processor | undefined
  beforeEach(async () => {
    const servers = sharedServers()
    stall = await prepareStall()
    proxy = await startProxy({ host: '127.0.0.1', port: Number(new URL(servers.redisUrl).port) })
    scene = await openScene(servers, {
      SLUICE_DELIVERY: delivery,
      SLUICE_DEADLINE_MS: '30000',
      SLUICE_REDIS_TIMEOUT_MS: '7000',
    })
    slow = await startProcessor(
      { ...scene.environment, SLUICE_REDIS_URL: `redis://127.0.0.1:${proxy.port}` },
      stall.around,
    )
  })
  afterEach(async () => {
    await Promise.all([slow.end(), successor?.end()])
    await scene.close()
    await proxy.close()
    await stall.close()
  })

  it('an instance that is expelled with payments in hand, and cannot ask the journal, contradicts nobody', async () => {
    const { paymentSwitch } = scene
    const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('expelled')))
    await paymentSwitch.decidedMore(perSecond)
    // What it has in hand now waits for Redis, and would be decided without it.
    await faultsOfLine('Redis', proxy).deaf().begin()
    await paymentSwitch.sentMore(perSecond)
    slow.kill('SIGUSR2')
    const stalledAt = performance.now()
    successor = await startProcessor(scene.environment)
    // Nobody but the successor can answer these.
    await paymentSwitch.allDecided()
    const takenOverMs = performance.now() - stalledAt
    await stall.end()
    await paymentSwitch.decidedMore(3 * perSecond)
    await stream.stop()
    await paymentSwitch.allDecided()
    const findings = await scene.checked()
    tell(`expelled, ${delivery}`, { sent: findings.sent, duplicates: findings.duplicates, takenOverMs })
    expect(findings).toMatchObject(expected)
    proxy.heal()
    slow.kill('SIGTERM')
    expect(await slow.exited).toBe(0)
  }, 150_000)
})
