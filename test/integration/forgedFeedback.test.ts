import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFeedbackMac } from '../../src/compose/feedbackMac.ts'
import { signatureHeader, signFeedback } from '../../src/compose/feedbackProof.ts'
import type { RiskFeedback } from '../../src/domain/feedback.ts'
import { createKeyedHash } from '../../src/intel/out/keyedHash.ts'
import { runCommand } from '../support/command.ts'
import { aFeedback } from '../support/happenings.ts'
import { readNotices, type NoticesRead } from '../support/notices.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { sendFeedback } from '../support/sendFeedback.ts'
import { readIntelOut, readWhole } from '../support/sharing/intel.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { startServers, type Servers } from '../support/servers.ts'
import { untilTrue } from '../support/until.ts'

const [key, sharingKey] = [randomBytes(32), randomBytes(32)]
const { hash } = createKeyedHash(sharingKey)

/** What anybody may send who can write to the topic, and only guess what a proof would be. */
const forgeries: readonly {
  readonly name: string
  readonly proofOf: (feedback: RiskFeedback) => string | null
  readonly headers: Readonly<Record<string, string>>
}[] = [
  { name: 'no proof', proofOf: () => null, headers: {} },
  { name: 'a proof of zeros', proofOf: () => '0'.repeat(32), headers: {} },
  {
    name: 'a proof by another key',
    proofOf: (feedback) => createFeedbackMac(randomBytes(32))(feedback, 'ALLOW'),
    headers: {},
  },
  {
    name: 'the proof of another payment',
    proofOf: (feedback) => createFeedbackMac(key)({ ...feedback, paymentId: 'another' }, 'ALLOW'),
    headers: {},
  },
  {
    name: 'a signature by nobody',
    proofOf: () => null,
    headers: { [signatureHeader]: signFeedback(randomBytes(32), Buffer.from('x')) },
  },
]

describe('forged feedback that confirms a fraud', { timeout: 150_000 }, () => {
  let servers: Servers
  let scene: Scene
  let processor: Processor
  let notices: NoticesRead
  const [payer, rival] = [ownName('payer'), ownName('rival')]
  const [mule, victim] = [ownName('mule'), ownName('victim')]

  beforeAll(async () => {
    servers = await startServers({ only: 'redis' })
    scene = await openScene(
      { brokers: sharedServers().brokers, redisUrl: servers.redisUrl },
      {
        SLUICE_FEEDBACK_TRUST: 'proven',
        SLUICE_FEEDBACK_KEY: key.toString('hex'),
        SLUICE_SHARING_KEY: sharingKey.toString('hex'),
      },
    )
    processor = await startProcessor(scene.environment)
    notices = await readNotices(scene.kafka, scene.topics, scene.schemas)
  }, 120_000)
  afterAll(async () => {
    await notices.close()
    await processor.end()
    await Promise.all([scene.close(), servers.close()])
  })

  const fraudOf = (accountId: string, payeeId: string): RiskFeedback =>
    aFeedback({
      feedbackId: ownName('feedback'),
      paymentId: ownName('pay'),
      accountId,
      payeeId,
      deviceId: ownName('device'),
      occurredAt: Date.now() - 2_000,
      knownAt: Date.now() - 1_000,
    })
  const feedbackCounted = async (result: string): Promise<number> => {
    const text = await (await fetch(`${processor.url}/metrics`)).text()
    const line = text.split('\n').find((each) => each.startsWith(`sluice_feedback_total{result="${result}"}`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }
  const proven = (feedback: RiskFeedback): RiskFeedback => ({
    ...feedback,
    feedbackMac: createFeedbackMac(key)(feedback, 'ALLOW'),
  })

  it('tells nobody, shares nothing, and is no label after a rebuild; what is proven beside it does all three', async () => {
    const now = Date.now()
    await scene.paymentSwitch.send(
      [
        [payer, rival],
        [victim, mule],
      ].map(([accountId, payeeId]) =>
        aPayment({ paymentId: ownName('pay'), accountId: accountId!, payeeId: payeeId!, occurredAt: now }),
      ),
    )
    await scene.paymentSwitch.allDecided()

    const forged = forgeries.map((forgery) => ({ ...forgery, fraud: fraudOf(payer, rival) }))
    for (const { proofOf, headers, fraud } of forged)
      await sendFeedback(scene, { ...fraud, feedbackMac: proofOf(fraud) }, headers)
    await untilTrue(async () => (await feedbackCounted('refused')) === forgeries.length)
    // What is proven comes after it, also in the forgeries' own partition: whoever has read this has read those.
    const genuine = [fraudOf(victim, mule), fraudOf(payer, mule)]
    for (const fraud of genuine) await sendFeedback(scene, proven(fraud))
    for (const recipient of [victim, mule]) await notices.untilTold(recipient, 1)
    const isShared = async ({ deviceId }: RiskFeedback): Promise<boolean> =>
      JSON.stringify(await readIntelOut(scene)).includes(hash('device', deviceId ?? ''))
    for (const fraud of genuine) await untilTrue(() => isShared(fraud))

    const toldOfMules = [...notices.to(payer), ...notices.to(rival)].filter(
      ({ moment }) => moment === 'AFTER',
    )
    expect(toldOfMules).toEqual([])
    for (const { name, fraud } of forged) expect(await isShared(fraud), name).toBe(false)
    expect(JSON.stringify(await readIntelOut(scene))).not.toContain(hash('payee', rival))
    expect(await readWhole(scene, scene.topics.intelHeld)).toEqual([])

    processor.kill('SIGTERM')
    expect(await processor.exited).toBe(0)
    const rebuilt = await runCommand(['rebuild', '--json', '--again'], scene.environment)
    expect(rebuilt).toMatchObject({ code: 0 })
    expect(JSON.parse(rebuilt.out)).toMatchObject({ payments: 2, feedback: 2, refused: forgeries.length })
  })
})
