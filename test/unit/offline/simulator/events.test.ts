import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { looksLikePan } from '../../../../src/domain/pan.ts'
import { events } from '../../../../src/offline/simulator/events.ts'
import { scenarioNames, type SimEvent, type SimPayment } from '../../../../src/offline/simulator/simEvent.ts'
import { createWorld } from '../../../../src/offline/simulator/world.ts'
import { checkAccountEvent } from '../../../../src/stream/codec/accountEvent.ts'
import { checkDeviceHealth } from '../../../../src/stream/codec/deviceHealth.ts'
import { checkPayment } from '../../../../src/stream/codec/payment.ts'
import { checkRiskFeedback } from '../../../../src/stream/codec/riskFeedback.ts'

const startAt = Date.UTC(2025, 0, 1)
const dayMs = 86_400_000

type Run = {
  readonly seed?: number
  readonly accounts?: number
  readonly days?: number
  readonly fraudScale?: number
}

const live = ({ seed = 1, accounts = 60, days = 4, fraudScale = 1 }: Run, more = {}): readonly SimEvent[] => [
  ...events(createWorld({ seed, accounts, startAt, fraudScale, ...more }), {
    untilAt: startAt + days * dayMs,
  }),
]

const paymentsOf = (all: readonly SimEvent[]): readonly SimPayment[] =>
  all.filter((event) => event.kind === 'payment')

const month = live({ seed: 11, accounts: 1_500, days: 21 })
const monthPayments = paymentsOf(month)
const frauds = monthPayments.filter(({ truth }) => truth.fraud)

describe('a simulated world', () => {
  test('makes 2.5 to 3 payments a day and account', () => {
    const rate = monthPayments.length / 1_500 / 21
    expect(rate).toBeGreaterThan(2.5)
    expect(rate).toBeLessThan(3)
  })

  test('has 0.4 to 0.7 % frauds, and every scenario', () => {
    const share = frauds.length / monthPayments.length
    expect(share).toBeGreaterThan(0.004)
    expect(share).toBeLessThan(0.007)
    expect(new Set(frauds.map(({ truth }) => truth.scenario))).toEqual(new Set(scenarioNames))
  })

  test('has more frauds when it is told so, and none at scale 0', () => {
    const count = (fraudScale: number): number =>
      paymentsOf(live({ accounts: 300, days: 7, fraudScale })).filter(({ truth }) => truth.fraud).length
    expect(count(0)).toBe(0)
    expect(count(8)).toBeGreaterThan(3 * count(1))
  })

  test('makes only what our own contracts accept', () => {
    const faultOf = (event: SimEvent): unknown => {
      if (event.kind === 'payment') return checkPayment(event.payment)
      if (event.kind === 'deviceHealth') return checkDeviceHealth(event.report)
      return event.kind === 'accountEvent'
        ? checkAccountEvent(event.event)
        : checkRiskFeedback(event.feedback)
    }
    expect(month.map(faultOf).find((fault) => fault !== null)).toBeUndefined()
  })

  test('keeps the truth out of the payment: frauds have the same fields and no word for it', () => {
    const fields = (payment: SimPayment): string => Object.keys(payment.payment).join()
    expect(new Set(monthPayments.map(fields)).size).toBe(1)
    const text = JSON.stringify(frauds.map(({ payment }) => payment)).toLowerCase()
    expect(text).not.toMatch(/fraud|mule|scam|attack|crew|scenario|takeover|testing/)
  })

  test('identifiers do not tell by their order which payments were made up first', () => {
    const numberOf = ({ payment }: SimPayment): number =>
      Number(payment.paymentId.split('-').at(-1)) / 2 ** 32
    const mean = frauds.reduce((sum, fraud) => sum + numberOf(fraud), 0) / frauds.length
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / frauds.length))
  })

  test('the amount alone finds hardly any fraud', () => {
    const dearest = monthPayments.toSorted((a, b) => b.payment.amountMinor - a.payment.amountMinor)
    const top = dearest.slice(0, Math.round(monthPayments.length / 100))
    expect(top.filter(({ truth }) => truth.fraud).length / frauds.length).toBeLessThan(0.25)
  })

  test('good people look suspicious too: new devices, new payees, unhealthy devices without fraud', () => {
    const honest = monthPayments.filter(({ truth }) => !truth.fraud)
    const devices = new Map<string, Set<string>>()
    for (const { payment } of honest)
      if (payment.deviceId !== null)
        devices.set(payment.accountId, (devices.get(payment.accountId) ?? new Set()).add(payment.deviceId))
    expect([...devices.values()].filter((own) => own.size > 2).length).toBeGreaterThan(50)
    const misused = new Set(frauds.map(({ payment }) => payment.deviceId))
    const steered = month.flatMap((event) =>
      event.kind === 'deviceHealth' &&
      event.report.readings.some(({ signal, state }) => signal === 'REMOTE_ACCESS' && state === 'UNHEALTHY')
        ? [event.report.deviceId]
        : [],
    )
    expect(steered.filter((deviceId) => !misused.has(deviceId)).length / steered.length).toBeGreaterThan(0.5)
  })

  test('feedback comes after its payment and only for payments that were made', () => {
    const made = new Map(monthPayments.map(({ payment, truth }) => [payment.paymentId, { payment, truth }]))
    for (const event of month) {
      if (event.kind !== 'feedback') continue
      const { feedback } = event
      const known = made.get(feedback.paymentId)
      expect(known?.payment.occurredAt).toBe(feedback.occurredAt)
      expect(feedback.knownAt).toBeGreaterThan(feedback.occurredAt)
      expect(feedback.kind === 'FALSE_POSITIVE').toBe(known?.truth.fraud === false)
      if (known?.truth.fraud === true) expect(feedback.knownAt).toBe(known.truth.knownAt)
    }
  })

  test('with laterFeedback every fraud is reported once in the end', () => {
    const world = createWorld({ seed: 4, accounts: 300, startAt, fraudScale: 3 })
    const all = [...events(world, { untilAt: startAt + 5 * dayMs, laterFeedback: true })]
    const fraudIds = paymentsOf(all).flatMap(({ payment, truth }) => (truth.fraud ? [payment.paymentId] : []))
    const reported = all.flatMap((event) =>
      event.kind === 'feedback' && event.feedback.kind !== 'FALSE_POSITIVE' ? [event.feedback.paymentId] : [],
    )
    expect(fraudIds.length).toBeGreaterThan(10)
    expect(reported.toSorted()).toEqual(fraudIds.toSorted())
  })

  test('keeps to EUR unless told otherwise', () => {
    const currencies = (all: readonly SimEvent[]): number =>
      new Set(paymentsOf(all).map((e) => e.payment.currency)).size
    expect(currencies(month)).toBe(1)
    expect(currencies(live({ accounts: 300, days: 5 }, { otherCurrencies: true }))).toBeGreaterThan(3)
  })

  test('refuses what cannot make a world', () => {
    expect(() => createWorld({ seed: 1.5, accounts: 1, startAt })).toThrow(
      expect.objectContaining({ code: 'USAGE' }),
    )
    expect(() => createWorld({ seed: 1, accounts: 0, startAt })).toThrow('accounts')
    expect(() => createWorld({ seed: 1, accounts: 1, startAt, idPrefix: '4111' })).toThrow('letters')
  })

  const worlds = fc.record({
    seed: fc.maxSafeInteger(),
    accounts: fc.integer({ min: 1, max: 40 }),
    days: fc.integer({ min: 1, max: 3 }),
    fraudScale: fc.constantFrom(0, 1, 40),
  })

  test('property: the same seed gives the same events; a longer run begins with a shorter one', () => {
    fc.assert(
      fc.property(worlds, (run) => {
        const short = live(run)
        const long = live({ ...run, days: run.days + 1 })
        expect(long.slice(0, short.length)).toEqual(short)
      }),
      { numRuns: 15 },
    )
  })

  test('property: events are in time order, inside the run, with identifiers of their own', () => {
    fc.assert(
      fc.property(worlds, (run) => {
        const all = live(run)
        const ids = all.map((event) => {
          if (event.kind === 'payment') return event.payment.paymentId
          if (event.kind === 'deviceHealth') return event.report.reportId
          return event.kind === 'accountEvent' ? event.event.eventId : event.feedback.feedbackId
        })
        expect(new Set(ids).size).toBe(ids.length)
        expect(ids.some(looksLikePan)).toBe(false)
        all.forEach((event, index) => {
          expect(event.at).toBeGreaterThanOrEqual(all[index - 1]?.at ?? startAt)
          expect(event.at).toBeLessThan(startAt + run.days * dayMs)
        })
      }),
      { numRuns: 15 },
    )
  })

  test('property: other seeds give other events, and no identifier twice', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.maxSafeInteger(), (a, b) => {
        fc.pre(a !== b)
        const ids = (seed: number): readonly string[] =>
          paymentsOf(live({ seed, accounts: 20, days: 1 })).map(({ payment }) => payment.paymentId)
        const first = new Set(ids(a))
        expect(ids(b).some((id) => first.has(id))).toBe(false)
      }),
      { numRuns: 15 },
    )
  })
})
