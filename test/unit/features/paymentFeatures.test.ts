import { describe, expect, test } from 'vitest'
import type { Payment } from '../../../src/domain/payment.ts'
import { createHistory } from '../../../src/features/history.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import type { Recalled } from '../../../src/features/recalled.ts'
import { encodePaymentRecord } from '../../../src/features/record.ts'
import { aReceived } from '../../support/payments.ts'

const hashes = { idLow: 1, idHigh: 2, entities: [1, 0, 3, 4, 5, 0] }

const recalled = (payment: Partial<Payment> = {}, over: Partial<Recalled> = {}): Recalled => {
  const received = aReceived(payment)
  const history = createHistory()
  return {
    received,
    hashes,
    amountBase: received.payment.amountMinor,
    views: [{ history, before: 0 }, null, null, null, null, null],
    coveredSince: [0, 0, 0, 0, 0, 0],
    device: null,
    ...over,
  }
}

const compute = (
  names: readonly string[],
  given: Recalled,
): { values: readonly number[]; degraded: readonly string[] } => {
  const row = new Float64Array(names.length).fill(-1)
  const degraded = compileFeatures(names, { retentionMs: defaultRetentionMs }).compute(given, row)
  return { values: [...row], degraded }
}

test('the amount is in the base currency, and unknown without a rate', () => {
  const names = ['payment.amount', 'payment.log_amount']
  expect(compute(names, recalled({ amountMinor: 99 }))).toEqual({ values: [99, Math.log(100)], degraded: [] })
  expect(compute(names, recalled({}, { amountBase: NaN }))).toEqual({
    values: [NaN, NaN],
    degraded: ['rates'],
  })
})

test.each([
  ['2026-01-15T12:00:00Z', [12, 0, 0]], // a Thursday
  ['2026-01-17T00:00:00Z', [0, 1, 1]], // a Saturday
  ['2026-01-18T23:59:59Z', [23, 1, 0]],
  ['2026-01-19T06:59:59Z', [6, 0, 1]],
  ['2026-01-19T07:00:00Z', [7, 0, 0]],
])('hour, weekend and night are those of UTC: %s', (time, expected) => {
  const names = ['payment.hour', 'payment.weekend', 'payment.night']
  expect(compute(names, recalled({ occurredAt: Date.parse(time) })).values).toEqual(expected)
})

test('channel and method are ones and zeros, and not known where they are UNKNOWN', () => {
  const names = [
    'payment.channel_app',
    'payment.channel_web',
    'payment.method_transfer',
    'payment.method_card',
  ]
  expect(compute(names, recalled()).values).toEqual([1, 0, 1, 0])
  expect(compute(names, recalled({ channel: 'UNKNOWN', method: 'UNKNOWN' })).values).toEqual([
    NaN,
    NaN,
    NaN,
    NaN,
  ])
})

test('clock skew is how far the sender is ahead', () => {
  const given = recalled()
  const late = {
    ...given,
    received: {
      ...given.received,
      source: { ...given.received.source, timestamp: given.received.effectiveAt + 2500 },
    },
  }
  expect(compute(['payment.clock_skew'], late).values).toEqual([-2.5])
})

describe('the previous place', () => {
  const names = ['payment.distance_km', 'payment.speed_kmh']
  const frankfurt = { latitude: 50.11, longitude: 8.68 }
  const sydney = { latitude: -33.87, longitude: 151.21 }
  const here = aReceived().effectiveAt
  const hour = 3_600_000

  const after = (...visits: readonly { readonly ago: number; readonly at: Partial<Payment> }[]): Recalled => {
    const bytes = new Uint8Array(visits.length * 72)
    visits.forEach(({ ago, at }, n) => {
      const received = aReceived({ ...at, occurredAt: here - ago })
      encodePaymentRecord(new DataView(bytes.buffer), n * 72, received, { ...hashes, idLow: n }, 1)
    })
    const history = createHistory(bytes)
    return recalled(frankfurt, {
      views: [{ history, before: history.byteLength }, null, null, null, null, null],
    })
  }

  test('gives distance and speed', () => {
    const [distance = 0, speed = 0] = compute(names, after({ ago: 2 * hour, at: sydney })).values
    expect(distance).toBeCloseTo(16_484, -2)
    expect(speed).toBeCloseTo(distance / 2)
  })

  test('is the latest one that is known', () => {
    const given = after(
      { ago: hour, at: frankfurt },
      { ago: 3 * hour, at: sydney },
      { ago: 60_000, at: {} },
      { ago: -hour, at: sydney },
    )
    expect(compute(names, given).values).toEqual([0, 0])
  })

  test('makes no speed in less than a minute', () => {
    const [distance = 0, speed = 0] = compute(
      names,
      after({ ago: 0, at: { latitude: 50.12, longitude: 8.68 } }),
    ).values
    expect(speed).toBeCloseTo(distance * 60)
  })

  test('is not known for a first payment, or one without a place', () => {
    expect(compute(names, after())).toEqual({ values: [NaN, NaN], degraded: [] })
    expect(compute(names, recalled({ latitude: null, longitude: null }))).toEqual({
      values: [NaN, NaN],
      degraded: [],
    })
  })

  test('is lacking where the history is', () => {
    const lacking = { values: [NaN, NaN], degraded: ['history.account'] }
    const given = after({ ago: 2 * hour, at: sydney })
    expect(compute(names, { ...given, views: ['unknown', null, null, null, null, null] })).toEqual(lacking)
    expect(compute(names, { ...given, coveredSince: [here - hour, 0, 0, 0, 0, 0] })).toEqual(lacking)
    expect(compute(names, { ...given, coveredSince: [here - 2 * hour, 0, 0, 0, 0, 0] }).degraded).toEqual([])
  })
})
