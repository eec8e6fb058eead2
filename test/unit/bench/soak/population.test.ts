import { describe, expect, test } from 'vitest'
import { createPopulation, type Moment } from '../../../../bench/soak/population.ts'

const dayMs = 86_400_000
const startAt = Date.UTC(2026, 0, 1)
const live = (days: number, seed = 1): readonly (readonly Moment[])[] => {
  const { nextDay } = createPopulation({ accounts: 50, seed, startAt })
  return Array.from({ length: days }, nextDay)
}
const paymentsOf = (moments: readonly Moment[]) =>
  moments.flatMap((moment) => ('received' in moment ? [moment.received] : []))
const tokensOf = (days: readonly (readonly Moment[])[]): ReadonlySet<string | null> =>
  new Set(
    days
      .flatMap(paymentsOf)
      .flatMap(({ payment }) => [
        payment.accountId,
        payment.cardToken,
        payment.deviceId,
        payment.ipAddress,
        payment.payeeId,
        payment.merchantId,
      ]),
  )

describe('the population of a soak', () => {
  const days = live(60)

  test('is the same for the same seed, and another for another', () => {
    expect(live(3)).toEqual(days.slice(0, 3))
    expect(live(1, 2)).not.toEqual(days.slice(0, 1))
  })

  test('happens in time order, each day in its own', () => {
    days.forEach((moments, day) => {
      const times = moments.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      // A step-up may end after midnight.
      expect(times[0]).toBeGreaterThanOrEqual(startAt + day * dayMs)
      expect(times.at(-1)).toBeLessThan(startAt + (day + 1) * dayMs + 60_000)
    })
  })

  test('has the same entities for ever', () => {
    expect(tokensOf(days.slice(30))).toEqual(tokensOf(days.slice(0, 30)))
  })

  test('has payments of every outcome, labels, step-ups and account events', () => {
    const all = days.flat()
    expect(new Set(all.map((moment) => ('outcome' in moment ? moment.outcome : null)))).toEqual(
      new Set(['ALLOW', 'STEP_UP', 'BLOCK', null]),
    )
    const kinds = all.flatMap((moment) =>
      'happening' in moment
        ? [
            moment.happening.kind === 'feedback'
              ? moment.happening.feedback.kind
              : moment.happening.event.kind,
          ]
        : [],
    )
    expect([...new Set(kinds)].toSorted()).toEqual([
      'CONTACT_CHANGED',
      'FRAUD_CONFIRMED',
      'LOGIN_FAILED',
      'LOGIN_SUCCEEDED',
      'PASSWORD_CHANGED',
      'PAYEE_ADDED',
      'STEP_UP_FAILED',
      'STEP_UP_PASSED',
    ])
  })

  test('never uses an offset twice', () => {
    const places = days.flatMap(paymentsOf).map(({ source }) => `${source.partition} ${source.offset}`)
    expect(new Set(places).size).toBe(places.length)
  })
})
