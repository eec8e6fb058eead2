import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mountSmallDisk, type SmallDisk } from '../support/faults/smallDisk.ts'
import { tell } from '../support/measured.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { nothingWrong } from '../support/runChecker.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { steadyPayments } from '../support/steadyPayments.ts'
import { untilTrue } from '../support/until.ts'

const perSecond = 50
const diskMegabytes = 192

const runs = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Whether this process may mount a file system at all. */
const probe = await mountSmallDisk(1)
await probe?.close()
if (probe === null) console.warn('the disk of the broker is not filled: no tmpfs may be mounted here')

describe.skipIf(probe === null).each([
  // An answer may stand there twice, and is the same.
  { delivery: 'at-least-once', expected: nothingWrong },
  { delivery: 'exactly-once', expected: { ...nothingWrong, duplicates: 0 } },
])('$delivery, the disk of the broker is full', ({ delivery, expected }) => {
  let disk: SmallDisk
  let servers: Servers
  let scene: Scene
  let processor: Processor
  beforeEach(async () => {
    const mounted = await mountSmallDisk(diskMegabytes)
    if (mounted === null) throw new Error('no tmpfs can be mounted any more')
    disk = mounted
    servers = await startServers({ only: 'kafka', dir: disk.folder })
    scene = await openScene(
      { brokers: servers.brokers, redisUrl: sharedServers().redisUrl },
      { SLUICE_DELIVERY: delivery, SLUICE_DEADLINE_MS: '60000', SLUICE_REDIS_TIMEOUT_MS: '7000' },
    )
    processor = await startProcessor(scene.environment)
  })
  afterEach(async () => {
    await processor.end()
    await scene.close()
    await servers.close()
    await disk.close()
  })

  it('the broker stops; with room and a restart each payment has one answer', async () => {
    const { paymentSwitch } = scene
    const pid = servers.pids.kafka ?? expect.fail('Kafka was not started here')
    const stream = paymentSwitch.sendSteadily(perSecond, steadyPayments(ownName('disk')))
    await paymentSwitch.decidedMore(2 * perSecond)
    await disk.fill()
    await untilTrue(() => !runs(pid))
    await disk.makeRoom()
    await servers.start('kafka')
    const startedAt = performance.now()
    await Promise.all([paymentSwitch.allDecided(), paymentSwitch.decidedMore(perSecond)])
    const backMs = performance.now() - startedAt
    await stream.stop()
    await paymentSwitch.allDecided()
    const findings = await scene.checked()
    expect(findings).toMatchObject(expected)
    tell(`disk of the broker full, ${delivery}`, {
      sent: findings.sent,
      duplicates: findings.duplicates,
      allDecidedAfterMs: backMs,
    })
  }, 240_000)
})
