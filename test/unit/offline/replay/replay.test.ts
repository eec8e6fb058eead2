import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DeviceHealth } from '../../../../src/domain/deviceHealth.ts'
import type { RiskFeedback } from '../../../../src/domain/feedback.ts'
import type { Payment } from '../../../../src/domain/payment.ts'
import { mergeArrivals, type Arrival, type Arrivals } from '../../../../src/offline/replay/arrivals.ts'
import { createMemoryReplay } from '../../../../src/offline/replay/memory.ts'
import { replay, type ReplayDeps, type Replayed } from '../../../../src/offline/replay/replay.ts'
import type { ReplayEvent } from '../../../../src/offline/replay/replayEvent.ts'
import { events } from '../../../../src/offline/simulator/events.ts'
import { createWorld } from '../../../../src/offline/simulator/world.ts'
import { loadSchemas, ownSchemasFolder } from '../../../../src/stream/codec/schemas.file.ts'

const schemas = await loadSchemas(ownSchemasFolder)
const startAt = Date.UTC(2025, 0, 1)
const minuteMs = 60_000

const payment = (number: number, more: Partial<Payment> = {}): Payment => ({
  paymentId: `p${number}`,
  attempt: 1,
  occurredAt: startAt + number * minuteMs,
  amountMinor: 100 * number,
  currency: 'EUR',
  channel: 'APP',
  method: 'CARD',
  accountId: 'a1',
  cardToken: null,
  payeeId: null,
  merchantId: null,
  mcc: null,
  deviceId: 'd1',
  sessionId: null,
  ipAddress: null,
  emailHash: null,
  phoneHash: null,
  country: null,
  latitude: null,
  longitude: null,
  authMethods: null,
  respondBy: null,
  ...more,
})

const paid = (number: number, more: Partial<Payment> = {}): ReplayEvent => ({
  kind: 'payment',
  payment: payment(number, more),
})

const unlocked: DeviceHealth = {
  reportId: 'r1',
  deviceId: 'd1',
  observedAt: startAt,
  platform: 'ANDROID',
  osVersion: null,
  patchLevel: null,
  appVersion: null,
  readings: [
    {
      signal: 'SCREEN_LOCK',
      state: 'UNHEALTHY',
      source: 'test',
      attested: false,
      observedAt: startAt,
      expiresAt: startAt + 10 * minuteMs,
    },
  ],
}

const passed: RiskFeedback = {
  feedbackId: 'f1',
  paymentId: 'p1',
  attempt: 1,
  occurredAt: startAt + minuteMs,
  knownAt: startAt + 2 * minuteMs,
  kind: 'STEP_UP_PASSED',
  source: 'test',
  feedbackMac: null,
  accountId: 'a1',
  cardToken: null,
  payeeId: null,
  merchantId: null,
  deviceId: null,
  ipAddress: null,
}

const replayed = async (
  features: readonly string[],
  arriving: Iterable<ReplayEvent>,
  more: Partial<ReplayDeps> & { readonly coveredSince?: number } = {},
): Promise<readonly Replayed[]> => {
  const { coveredSince, ...deps } = more
  const results: Replayed[] = []
  const replayDeps = { ...createMemoryReplay({ features, schemas, coveredSince }), ...deps }
  for await (const some of replay(replayDeps, [[...arriving]])) results.push(...some)
  return results
}

const values = (results: readonly Replayed[]): readonly (readonly number[])[] =>
  results.map(({ row }) => [...row])

describe('replay', () => {
  test('each payment sees what came before it, and itself where the measure says so', async () => {
    const rows = await replayed(
      ['account.count.1h', 'account.sum.1h', 'account.since_last'],
      [paid(1), paid(2), paid(4)],
    )
    expect(values(rows)).toEqual([
      [1, 100, NaN],
      [2, 300, 60],
      [3, 700, 120],
    ])
  })

  test('a payment that comes twice is remembered once', async () => {
    expect(values(await replayed(['account.count.1h'], [paid(1), paid(1), paid(2)]))).toEqual([[1], [1], [2]])
  })

  test("a device's report counts for the payments after it, and until it expires", async () => {
    const rows = await replayed(
      ['device.health.screen_lock'],
      [paid(1), { kind: 'deviceHealth', report: unlocked }, paid(2), paid(30)],
    )
    expect(values(rows)).toEqual([[NaN], [1], [NaN]])
  })

  test('without decisions every payment counts as allowed; with them only those that were', async () => {
    const three = [paid(1), paid(2), paid(3)]
    expect(values(await replayed(['account.accepted_count.1h'], three))).toEqual([[0], [1], [2]])
    const outcomeOf = ({ paymentId }: Payment): 'ALLOW' | 'BLOCK' | null =>
      paymentId === 'p1' ? 'BLOCK' : paymentId === 'p2' ? 'ALLOW' : null
    expect(values(await replayed(['account.accepted_count.1h'], [...three, paid(4)], { outcomeOf }))).toEqual(
      [[0], [0], [1], [1]],
    )
  })

  test('a step-up that was passed counts as allowed from then on', async () => {
    const arriving: readonly ReplayEvent[] = [
      paid(1),
      paid(2),
      { kind: 'feedback', feedback: passed },
      paid(3),
    ]
    const more: Partial<ReplayDeps> = { outcomeOf: () => 'STEP_UP' }
    expect(values(await replayed(['account.accepted_count.1h'], arriving, more))).toEqual([[0], [0], [1]])
  })

  test('a label counts from when it is known, an account event from when it happened', async () => {
    const label: RiskFeedback = { ...passed, kind: 'FRAUD_CONFIRMED', knownAt: startAt + 3 * minuteMs }
    const failedLogin: ReplayEvent = {
      kind: 'accountEvent',
      event: {
        eventId: 'e1',
        occurredAt: startAt + 2 * minuteMs,
        kind: 'LOGIN_FAILED',
        accountId: 'a1',
        deviceId: 'd1',
        ipAddress: null,
        payeeId: null,
      },
    }
    const rows = await replayed(
      ['account.fraud_count.1h', 'account.fraud_rate.1h', 'account.since_fraud', 'device.since_login_failed'],
      [paid(1), failedLogin, paid(2), { kind: 'feedback', feedback: label }, paid(3), paid(4)],
    )
    expect(values(rows)).toEqual([
      [0, NaN, NaN, NaN],
      [0, 0, NaN, 0],
      [1, 1 / 2, 120, 60],
      [1, 1 / 3, 180, 120],
    ])
  })

  test('a label that came later than it was known counts from when it came', async () => {
    const label: RiskFeedback = { ...passed, kind: 'CHARGEBACK', knownAt: startAt + 2 * minuteMs }
    const came: ReplayEvent = { kind: 'feedback', feedback: label, recordTimestamp: startAt + 4 * minuteMs }
    expect(values(await replayed(['account.fraud_count.1h'], [paid(1), came, paid(3), paid(4)]))).toEqual([
      [0],
      [0],
      [1],
    ])
  })

  test('how payments are cut into pieces does not change a number', async () => {
    const world = [
      ...events(createWorld({ seed: 5, accounts: 40, startAt, fraudScale: 20 }), {
        untilAt: startAt + 4 * 86_400_000,
      }),
    ]
    const features = [
      'account.accepted_count.24h',
      'account.blocked_count.7d',
      'account.login_failed.7d',
      'payee.fraud_rate.7d',
      'device.mean.24h',
      'account.distinct_payee.24h',
    ]
    const outcomeOf = ({ paymentId }: Payment): 'ALLOW' | 'BLOCK' | null =>
      paymentId.endsWith('3') ? 'BLOCK' : paymentId.endsWith('4') ? null : 'ALLOW'
    const whole = await replayed(features, world, { outcomeOf })
    const deps = { ...createMemoryReplay({ features, schemas }), outcomeOf }
    const single: Replayed[] = []
    for await (const some of replay(
      deps,
      world.map((event) => [event]),
    ))
      single.push(...some)
    expect(values(single)).toEqual(values(whole))
    expect(values(whole).some(([, blocked = 0]) => blocked > 0)).toBe(true)
  })

  test('a window that reaches before what is covered is not known, and says why', async () => {
    const rows = await replayed(['account.count.1h'], [paid(1), paid(90)], { coveredSince: startAt })
    expect(rows.map(({ row, degraded }) => [row[0], degraded])).toEqual([
      [NaN, ['history.account']],
      [2 - 1, []],
    ])
  })

  test('an amount in a currency without a rate is not known', async () => {
    const [row] = await replayed(['account.sum.1h'], [paid(1, { currency: 'USD' })])
    expect([row?.row[0], row?.degraded]).toEqual([NaN, ['rates']])
  })

  test('the record timestamp caps a clock that is ahead', async () => {
    const ahead: ReplayEvent = { kind: 'payment', payment: payment(60), recordTimestamp: startAt + minuteMs }
    const rows = await replayed(['account.since_last', 'payment.clock_skew'], [ahead, paid(2)])
    expect(values(rows)).toEqual([
      [NaN, 59 * 60],
      [60, 0],
    ])
  })

  test('what a simulated world makes can be replayed as it is, and counts agree with a plain filter', async () => {
    const world = [
      ...events(createWorld({ seed: 3, accounts: 60, startAt, fraudScale: 5 }), {
        untilAt: startAt + 3 * 86_400_000,
      }),
    ]
    const rows = await replayed(['account.count.24h', 'payee.distinct_account.24h'], world)
    const before: Payment[] = []
    for (const { payment: each, row } of rows) {
      before.push(each)
      const recent = before.filter((other) => other.occurredAt > each.occurredAt - 86_400_000)
      expect(row[0]).toBe(recent.filter((other) => other.accountId === each.accountId).length)
      const payers = new Set(
        recent.filter((other) => other.payeeId === each.payeeId).map((other) => other.accountId),
      )
      expect(row[1]).toBe(each.payeeId === null ? NaN : payers.size)
    }
    expect(rows.length).toBe(world.filter(({ kind }) => kind === 'payment').length)
  })
})

const arrivalsAt = async function* (
  times: readonly number[],
  kind: 'payment' | 'deviceHealth',
  name: string,
): Arrivals {
  for (const [index, at] of times.entries()) {
    const event: ReplayEvent =
      kind === 'payment'
        ? { kind, payment: payment(index, { paymentId: `${name}${at}` }) }
        : { kind, report: { ...unlocked, reportId: `${name}${at}` } }
    yield await Promise.resolve<readonly Arrival[]>([{ at, event }])
    // Nothing for a while is not the end.
    yield await Promise.resolve([])
  }
}

const nameOf = (event: ReplayEvent): string =>
  event.kind === 'payment'
    ? event.payment.paymentId
    : event.kind === 'deviceHealth'
      ? event.report.reportId
      : ''

const merged = async (
  payments: readonly number[],
  ...sides: readonly (readonly number[])[]
): Promise<readonly string[]> => {
  const names: string[] = []
  const sources = sides.map((times, index) => arrivalsAt(times, 'deviceHealth', `side${index}:`))
  for await (const some of mergeArrivals(arrivalsAt(payments, 'payment', 'p'), sources))
    names.push(...some.map(nameOf))
  return names
}

describe('mergeArrivals', () => {
  test('what arrives at or before a payment comes before it', async () => {
    expect(await merged([5, 9], [5, 6, 10])).toEqual(['side0:5', 'p5', 'side0:6', 'p9'])
  })

  test('payments keep their order; what stands behind a later one arrives with it', async () => {
    expect(await merged([9, 5], [8, 2])).toEqual(['side0:8', 'side0:2', 'p9', 'p5'])
  })

  test('property: with sides in time order, a payment comes after exactly what arrived by the newest payment so far', async () => {
    const times = fc.array(fc.nat(30), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(times, times, times, async (payments, a, b) => {
        const sides = [a, b].map((side) => side.toSorted((x, y) => x - y))
        const names = await merged(payments, ...sides)
        const seen = names.flatMap((name, index) =>
          name.startsWith('p')
            ? [names.slice(0, index).filter((other) => !other.startsWith('p')).length]
            : [],
        )
        const expected = payments.map((_, index) => {
          const newest = Math.max(...payments.slice(0, index + 1))
          return [...a, ...b].filter((at) => at <= newest).length
        })
        expect(seen).toEqual(expected)
      }),
    )
  })
})
