import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/decision.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { aFeedback } from '../support/happenings.ts'
import { readNotices, type NoticesRead } from '../support/notices.ts'
import { aPayment } from '../support/payments.ts'
import { startProcessor, type Processor } from '../support/processor.ts'
import { openScene, type Scene } from '../support/scene.ts'
import { ownName, sharedServers } from '../support/shared.ts'
import { openBeside, reportOf, type TellBeside } from '../support/toldBeside.ts'
import { untilTrue } from '../support/until.ts'

const dayMs = 86_400_000

describe('people are told', () => {
  let scene: Scene
  let processor: Processor
  let notices: NoticesRead
  let beside: TellBeside

  beforeAll(async () => {
    scene = await openScene(sharedServers(), { SLUICE_NOTICES_A_DAY: '3' })
    processor = await startProcessor(scene.environment)
    notices = await readNotices(scene.kafka, scene.topics, scene.schemas)
    beside = await openBeside(scene)
  })
  afterAll(async () => {
    await Promise.all([notices.close(), beside.close()])
    await processor.end()
    await scene.close()
  })

  const decide = async (payments: readonly Payment[]): Promise<readonly Decision[]> => {
    await scene.paymentSwitch.send(payments)
    await scene.paymentSwitch.allDecided()
    return payments.flatMap(({ paymentId }) =>
      scene.paymentSwitch.answersTo(paymentId).map(({ decision }) => decision),
    )
  }
  const pay = async (over: Partial<Payment>): Promise<Decision> => {
    const [decision] = await decide([
      aPayment({ paymentId: ownName('pay'), occurredAt: Date.now(), ipAddress: null, ...over }),
    ])
    if (decision === undefined) throw new Error('no decision')
    return decision
  }
  /** The metric's value, and NaN while it is not exported. */
  const metric = async (sample: string): Promise<number> => {
    const text = await (await fetch(`${processor.url}/metrics`)).text()
    const line = text.split('\n').find((each) => each.startsWith(`${sample} `))
    return Number(line?.slice(sample.length + 1) ?? NaN)
  }
  const untilMetric = (sample: string, least: number): Promise<void> =>
    untilTrue(async () => (await metric(sample)) >= least)
  const appliedReports = 'sluice_device_reports_total{result="applied"}'
  const appliedFeedback = 'sluice_feedback_total{result="applied"}'

  it('before: the firewall went off, once, however often the device says so', async () => {
    const deviceId = ownName('device')
    const wellBehaved = reportOf(deviceId, [], Date.now() - 2_000)
    const firewallOff = reportOf(deviceId, ['FIREWALL'], Date.now() - 1_000)
    const before = await metric(appliedReports)
    await beside.report([wellBehaved])
    await untilMetric(appliedReports, before + 1)
    expect(notices.to(deviceId)).toEqual([])

    await beside.report([firewallOff])
    await notices.untilTold(deviceId, 1)
    await beside.report([firewallOff, reportOf(deviceId, ['FIREWALL'])])
    await untilMetric(appliedReports, before + 4)
    // Off and on again, and off: a change, of which he was told lately.
    await beside.report([reportOf(deviceId, [])])
    await untilMetric(appliedReports, before + 5)
    await beside.report([reportOf(deviceId, ['FIREWALL'])])
    await untilMetric('sluice_notices_total{code="TURN_FIREWALL_ON",moment="BEFORE",result="duplicate"}', 1)
    // It is counted when it was told: the next test counts from there.
    await untilMetric(appliedReports, before + 6)

    expect(notices.to(deviceId)).toEqual([
      expect.objectContaining({
        code: 'TURN_FIREWALL_ON',
        moment: 'BEFORE',
        audience: 'DEVICE_OWNER',
        severity: 'WARNING',
        accountId: '',
        deviceId,
        createdAt: firewallOff.observedAt,
        dueAt: firewallOff.observedAt + dayMs,
      }),
    ])
  })

  it('before: the account that paid from the device is told, and not the device, which others may hold', async () => {
    const [accountId, deviceId] = [ownName('acc'), ownName('device')]
    const before = await metric(appliedReports)
    await beside.report([reportOf(deviceId, [], Date.now() - 2_000)])
    expect(await pay({ accountId, deviceId, payeeId: null })).toMatchObject({ outcome: 'ALLOW' })
    await beside.report([reportOf(deviceId, ['SIM_CHANGE'], Date.now() - 1_000)])
    await notices.untilTold(accountId, 1)
    await untilMetric(appliedReports, before + 2)
    expect(notices.to(accountId)).toMatchObject([{ code: 'CALL_OPERATOR', severity: 'CRITICAL', deviceId }])
    expect(notices.to(deviceId)).toEqual([])
  })

  describe('of a device that somebody else controls', () => {
    const [accountId, deviceId] = [ownName('victim'), ownName('device')]
    const landlord = ownName('landlord')

    beforeAll(async () => {
      const before = await metric(appliedReports)
      await beside.report([reportOf(deviceId, [], Date.now() - 60_000)])
      await untilMetric(appliedReports, before + 1)
      for (let daysAgo = 25; daysAgo > 0; daysAgo -= 5)
        await pay({
          accountId,
          deviceId,
          payeeId: landlord,
          occurredAt: Date.now() - daysAgo * dayMs,
          amountMinor: 2_000,
        })
      await beside.report([reportOf(deviceId, ['REMOTE_ACCESS'], Date.now() - 30_000)])
      await untilMetric(appliedReports, before + 2)
    })

    it('during: a payment waits, why, and until when', async () => {
      const decision = await pay({ accountId, deviceId, payeeId: landlord, amountMinor: 2_000 })
      expect(decision).toMatchObject({ outcome: 'STEP_UP' })
      expect(decision.notices.map(({ code }) => code)).toContain('END_REMOTE_SESSION')
      await untilTrue(() => notices.to(accountId).some(({ paymentId }) => paymentId === decision.paymentId))
      const told = notices.to(accountId).filter(({ paymentId }) => paymentId === decision.paymentId)
      expect(told).toContainEqual(
        expect.objectContaining({
          code: 'CONFIRM_PAYMENT',
          moment: 'DURING',
          audience: 'PAYER',
          dueAt: decision.validUntil,
          payeeId: landlord,
          reasonEn: 'Something on this device puts the payment at risk.',
          reasonZh: '本设备上的某项情况使这笔付款存在风险。',
        }),
      )
    })

    it('after: a payment was blocked; and no more in one day than a person can bear', async () => {
      const blocked: Decision[] = []
      for (let n = 0; n < 5; n++)
        blocked.push(await pay({ accountId, deviceId, payeeId: ownName('new'), amountMinor: 2_000 }))
      expect(blocked.map(({ outcome }) => outcome)).toEqual(blocked.map(() => 'BLOCK'))
      await untilMetric('sluice_notices_total{code="PAYMENT_BLOCKED",moment="AFTER",result="limited"}', 1)
      const others = () => notices.to(accountId).filter(({ severity }) => severity !== 'CRITICAL')
      await untilTrue(() => others().length >= 3)
      const after = notices
        .to(accountId)
        .filter(({ paymentId }) => blocked.some((each) => each.paymentId === paymentId))
      expect(after).toContainEqual(
        expect.objectContaining({
          code: 'PAYMENT_BLOCKED',
          moment: 'AFTER',
          paymentId: blocked[0]?.paymentId,
        }),
      )
      expect(others()).toHaveLength(3)
    })

    it('what is critical goes out beyond that', async () => {
      const deviceOfHis = ownName('tablet')
      const applied = await metric(appliedFeedback)
      await beside.feedback([
        aFeedback({
          feedbackId: ownName('feedback'),
          accountId,
          payeeId: null,
          deviceId: deviceOfHis,
          kind: 'STEP_UP_PASSED',
          occurredAt: Date.now(),
          knownAt: Date.now(),
        }),
      ])
      await untilMetric(appliedFeedback, applied + 1)
      await beside.report([reportOf(deviceOfHis, ['SMS_READER', 'SCREEN_LOCK'])])
      await untilTrue(() => notices.to(accountId).some(({ code }) => code === 'REMOVE_MESSAGE_READER'))
      await untilMetric('sluice_notices_total{code="SET_SCREEN_LOCK",moment="BEFORE",result="limited"}', 1)
    })
  })

  describe('after: a payee turned out to be a mule', () => {
    const mule = ownName('mule')
    const [one, two, three, fourth, passed] = ['one', 'two', 'three', 'fourth', 'passed'].map(ownName)
    const told = (over: Parameters<typeof aFeedback>[0]) =>
      aFeedback({
        feedbackId: ownName('feedback'),
        paymentId: ownName('pay'),
        accountId: one ?? '',
        payeeId: mule,
        deviceId: null,
        ipAddress: null,
        occurredAt: Date.now(),
        knownAt: Date.now(),
        ...over,
      })

    it('those who paid it are told to recall, once, and its bank to hold the money', async () => {
      for (const accountId of [one, two, three])
        expect(await pay({ accountId: accountId ?? '', payeeId: mule, deviceId: null })).toMatchObject({
          outcome: 'ALLOW',
        })
      await pay({ accountId: fourth ?? '', payeeId: ownName('honest'), deviceId: null })
      const applied = await metric(appliedFeedback)
      const passedLater = told({ accountId: passed ?? '', kind: 'STEP_UP_PASSED' })
      await beside.feedback([passedLater])
      await untilMetric(appliedFeedback, applied + 1)

      const confirmed = told({})
      await beside.feedback([confirmed])
      await notices.untilTold(mule, 1)
      // Delivered again, and confirmed by another one who paid it.
      await beside.feedback([confirmed, told({ accountId: two ?? '' })])
      await untilMetric(appliedFeedback, applied + 4)

      for (const accountId of [one, two, three, passed]) await notices.untilTold(accountId ?? '', 1)
      for (const accountId of [one, two, three, passed])
        expect(notices.to(accountId ?? '')).toEqual([
          expect.objectContaining({
            code: 'RECALL_PAYMENT',
            moment: 'AFTER',
            audience: 'PAYER',
            severity: 'CRITICAL',
            accountId,
            payeeId: mule,
          }),
        ])
      expect(notices.to(fourth ?? '')).toEqual([])
      expect(notices.to(mule)).toMatchObject([{ code: 'HOLD_FUNDS', audience: 'PAYEE_BANK', accountId: '' }])
    })
  })
})
