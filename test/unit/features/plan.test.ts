import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendTo, createHistory } from '../../../src/features/history.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import { anyLog, anyNames, anySettings, retentionOf, scales, type Scale } from '../../support/anyHistory.ts'
import { recalledOf } from '../../support/histories.ts'
import { oracle, type OracleSettings } from '../../support/oracle.ts'
import type { OracleEntry, OraclePayment } from '../../support/oracleEntries.ts'
import {
  aPast,
  complete,
  compute,
  day,
  everywhere,
  hour,
  minute,
  noon,
  onlyAccount,
  paid,
  second,
  self,
  told,
  valueOf,
} from '../../support/pasts.ts'

describe('windows', () => {
  test('hold what lies in (t - W, t] and the payment itself', () => {
    const log = [
      paid(aPast('edge', hour)),
      paid(aPast('inside', hour - 1)),
      paid(aPast('now', 0)),
      paid(self()),
    ]
    expect(valueOf('account.count.1h', self(), log)).toBe(3)
    expect(valueOf('account.sum.1h', self({ amount: 7 }), log)).toBe(207)
  })

  test('of any length have the same edges', () => {
    const log = [paid(aPast('a', hour)), paid(aPast('b', hour - 1)), paid(aPast('c', 2 * hour))]
    const names = ['account.count.1h', 'account.count.2h', 'account.count.3h']
    expect(compute(names, self(), log).values).toEqual([2, 3, 4])
  })

  test('leave out what is earlier in the log but later in time, and what comes later in the log', () => {
    const log = [paid(aPast('ahead', -second)), paid(self()), paid(aPast('late', minute))]
    expect(valueOf('account.count.1h', self(), log)).toBe(1)
  })

  test('are found through disorder', () => {
    const log = [paid(aPast('b', minute)), paid(aPast('a', 2 * day)), paid(aPast('c', 3 * day)), paid(self())]
    expect(valueOf('account.count.1h', self(), log)).toBe(2)
  })

  test('of several lengths come from one walk', () => {
    const log = [3 * day, 2 * hour, 5 * minute].map((ago, n) =>
      paid(aPast(`p${n}`, ago, { amount: 10 ** n })),
    )
    const names = ['account.sum.7d', 'account.sum.10m', 'account.sum.24h', 'account.count.1s']
    expect(compute(names, self({ amount: 1000 }), log).values).toEqual([1111, 1100, 1110, 1])
  })
})

describe('a window with a delay', () => {
  const log = [
    paid(aPast('a', 3 * hour, { amount: 1 })),
    paid(aPast('b', 3 * hour - 1, { amount: 10 })),
    paid(aPast('c', hour, { amount: 100 })),
    paid(aPast('d', hour - 1, { amount: 1000 })),
    paid(self()),
  ]

  test('holds what lies in (t - D - W, t - D], and never the payment itself', () => {
    const names = ['count', 'sum', 'mean', 'min', 'max', 'same_amount_count', 'since_last', 'is_new'].map(
      (measure) => `account.${measure}.2h@1h`,
    )
    expect(compute(names, self(), log).values).toEqual([2, 110, 55, 10, 100, 1, 3600, 0])
    expect(valueOf('account.stddev.2h@1h', self(), log)).toBeCloseTo(45)
  })

  test('stands beside windows without one, and with another', () => {
    const names = ['account.count.2h', 'account.count.2h@1h', 'account.count.2h@2h', 'account.count.1h']
    expect(compute(names, self(), log).values).toEqual([3, 2, 2, 2])
  })

  test('does not count entities of the payment', () => {
    const to = (payee: string) => ({ entities: { ...onlyAccount, payee } })
    const names = ['account.distinct_payee.2h', 'account.distinct_payee.2h@1h']
    expect(compute(names, self(to('p1')), [paid(aPast('a', hour, to('p2')))]).values).toEqual([2, 1])
  })

  test('without payments has no mean, and does not need to know the amount of the payment', () => {
    const names = ['count', 'sum', 'mean', 'min', 'max', 'stddev', 'night_share'].map(
      (measure) => `account.${measure}.2h@1h`,
    )
    const values = [0, 0, NaN, NaN, NaN, NaN, NaN]
    expect(compute(names, self({ amount: NaN }), [])).toEqual({ values, degraded: [] })
    expect(compute(['account.zscore_amount.2h@1h'], self({ amount: NaN }), []).degraded).toEqual(['rates'])
  })

  test('is not known where the history begins after its start', () => {
    const settings = { ...complete, coveredSince: everywhere(noon - 2 * hour) }
    const names = ['account.count.1h@1h', 'account.count.2h@1h']
    expect(compute(names, self(), [], settings)).toEqual({ values: [0, NaN], degraded: ['history.account'] })
  })

  test('is refused where it looks back further than histories are kept', () => {
    expect(() => compileFeatures(['account.count.30d@11d'], { retentionMs: defaultRetentionMs })).toThrow(
      /40d/,
    )
    expect(() =>
      compileFeatures(['account.count.30d@10d'], { retentionMs: defaultRetentionMs }),
    ).not.toThrow()
  })
})

describe('night', () => {
  test('is from hour 0 to 6 in UTC', () => {
    const midnight = noon - 12 * hour
    const share = (effectiveAt: number): number =>
      valueOf('account.night_share.24h', self(), [paid(aPast('a', 0, { effectiveAt }))])
    expect([-1, 0, 7 * hour - 1, 7 * hour].map((after) => share(midnight + after))).toEqual([0, 1, 1, 0])
  })

  test('has a share of the earlier payments, not of this one', () => {
    const log = [paid(aPast('a', 6 * hour)), paid(aPast('b', hour)), paid(aPast('c', hour))]
    expect(valueOf('account.night_share.24h', self(), log)).toBe(1 / 3)
  })
})

describe('repeats', () => {
  test('count once, but another attempt or other content is another payment', () => {
    const first = aPast('p', minute)
    const log = [
      paid(first),
      paid(first),
      paid({ ...first, attempt: 2 }),
      paid({ ...first, contentHash: 'bb' + '0'.repeat(14) }),
    ]
    expect(valueOf('account.count.1h', self(), log)).toBe(4)
  })

  test('of the payment itself see what its first record saw', () => {
    const log = [paid(aPast('p', minute)), paid(self()), paid(aPast('q', minute)), paid(self())]
    expect(valueOf('account.count.1h', self(), log)).toBe(2)
  })
})

describe('allowed payments', () => {
  test('are those with ALLOW, or with a step-up that was passed', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => aPast(id, minute)) as [
      OraclePayment,
      OraclePayment,
      OraclePayment,
      OraclePayment,
    ]
    const log = [paid(a), paid(b), paid(c), paid(d), told(a, 'ALLOW'), told(b, 'STEP_UP'), told(c, 'BLOCK')]
    expect(valueOf('account.accepted_count.1h', self(), log)).toBe(1)
    expect(valueOf('account.accepted_count.1h', self(), [...log, told(b, 'STEP_UP_PASSED')])).toBe(2)
  })

  test('are not known to be allowed before their outcome stands in the log', () => {
    const a = aPast('a', minute)
    expect(valueOf('account.accepted_count.1h', self(), [paid(a), paid(self()), told(a, 'ALLOW')])).toBe(0)
  })

  test('may have their outcome before themselves, as a repair appends them', () => {
    const a = aPast('a', minute)
    expect(valueOf('account.accepted_count.1h', self(), [told(a, 'ALLOW'), paid(a)])).toBe(1)
  })

  test('with an outcome that names no content are the first with that id and attempt', () => {
    const a = aPast('a', minute)
    const other = { ...a, contentHash: 'bb'.padEnd(16, '0'), amount: 300 }
    const passed: OracleEntry = {
      kind: 'outcome',
      payment: other,
      contentKnown: false,
      outcome: 'STEP_UP_PASSED',
    }
    expect(valueOf('account.ratio_to_max.1h', self({ amount: 50 }), [paid(a), paid(other), passed])).toBe(0.5)
  })

  test('alone are what an amount is compared with', () => {
    const log = [
      paid(aPast('a', minute, { amount: 100 }), 'ALLOW'),
      paid(aPast('b', minute, { amount: 9999 }), 'BLOCK'),
    ]
    const names = ['account.ratio_to_mean.1h', 'account.ratio_to_max.1h', 'account.zscore_amount.1h']
    expect(compute(names, self({ amount: 250 }), log).values).toEqual([2.5, 2.5, NaN])
    const second = paid(aPast('c', minute, { amount: 300 }), 'ALLOW')
    expect(compute(names, self({ amount: 400 }), [...log, second]).values).toEqual([2, 400 / 300, 2])
  })
})

describe('an empty window', () => {
  test('gives each measure the value of the table', () => {
    const names = ['count', 'accepted_count', 'sum', 'mean', 'min', 'max', 'stddev', 'distinct_account'].map(
      (measure) => `${measure === 'distinct_account' ? 'device' : 'account'}.${measure}.1h`,
    )
    const payment = self({ entities: { ...onlyAccount, device: 'd1' } })
    expect(compute(names, payment, []).values).toEqual([1, 0, 100, 100, 100, 100, 0, 1])
    const others = [
      'zscore_amount',
      'ratio_to_mean',
      'ratio_to_max',
      'same_amount_count',
      'since_last',
      'since_first',
    ]
    const answer = compute(
      others.map((measure) => `account.${measure}.1h`),
      payment,
      [],
    )
    expect(answer).toEqual({ values: others.map(() => NaN), degraded: [] })
  })
})

describe('what is not known', () => {
  test('is NaN and named where the history begins inside the window', () => {
    const settings = { ...complete, coveredSince: everywhere(noon - hour) }
    const names = ['account.count.1h', 'account.count.2h']
    expect(compute(names, self(), [], settings)).toEqual({ values: [1, NaN], degraded: ['history.account'] })
  })

  test('is not taken for new', () => {
    const settings = { ...complete, coveredSince: everywhere(noon - hour) }
    const names = ['account.is_new', 'account.since_first', 'account.since_last']
    expect(compute(names, self(), [], settings)).toEqual({
      values: [NaN, NaN, NaN],
      degraded: ['history.account'],
    })
    expect(compute(names, self(), [paid(aPast('p', minute))], settings).values).toEqual([0, NaN, 60])
    expect(compute(names, self(), [paid(aPast('p', 2 * hour))], settings).values).toEqual([0, NaN, NaN])
    expect(compute(names, self(), []).values).toEqual([1, NaN, NaN])
  })

  test('is named when a history could not be read, but not when there is none to read', () => {
    const settings: OracleSettings = { ...complete, unreadable: ['account'] }
    const names = ['account.count.1h', 'card.count.1h', 'account_card.count.1h']
    expect(compute(names, self(), [], settings)).toEqual({
      values: [NaN, NaN, NaN],
      degraded: ['history.account'],
    })
    expect(compute(names, self(), [])).toEqual({ values: [1, NaN, NaN], degraded: [] })
  })

  test('is an amount without a rate, and every measure that would need it', () => {
    const log = [paid(aPast('p', minute, { amount: NaN }))]
    const names = [
      'account.count.1h',
      'account.sum.1h',
      'account.min.1h',
      'account.ratio_to_max.1h',
      'payment.amount',
    ]
    expect(compute(names, self(), log)).toEqual({ values: [2, NaN, NaN, NaN, 100], degraded: ['rates'] })
    expect(compute(names, self({ amount: NaN }), []).values).toEqual([1, NaN, NaN, NaN, NaN])
  })
})

test('pairs are filters on the history of the first entity', () => {
  const to = (payee: string | null) => ({ entities: { ...onlyAccount, payee } })
  const log = [
    paid(aPast('a', 2 * day, to('p1'))),
    paid(aPast('b', day, to('p2'))),
    paid(aPast('c', hour, to(null))),
    paid(aPast('d', minute, { entities: { ...onlyAccount, account: 'a2', payee: 'p1' } })),
  ]
  const names = [
    'account_payee.count.30d',
    'account_payee.since_first',
    'account_payee.is_new',
    'account.distinct_payee.7d',
  ]
  expect(compute(names, self(to('p1')), log).values).toEqual([2, (2 * day) / second, 0, 2])
  expect(compute(names, self(to('p3')), log).values).toEqual([1, NaN, 1, 3])
  expect(compute(names, self(to(null)), log)).toEqual({ values: [NaN, NaN, NaN, 2], degraded: [] })
})

test('a window longer than the retention is refused when the plan is made', () => {
  expect(() => compileFeatures(['account.count.41d'], { retentionMs: defaultRetentionMs })).toThrow(/40d/)
})

describe.each(Object.entries(scales))('any history of %s', (_, scale: Scale) => {
  /** Exact, but for what needs a mean of squares or angles. */
  const inexact = /stddev|zscore|distance|speed/
  const agrees = (feature: string, value: number, expected: number): boolean =>
    inexact.test(feature)
      ? (Number.isNaN(value) && Number.isNaN(expected)) ||
        Math.abs(value - expected) <= 1e-6 + 1e-9 * Math.abs(expected)
      : Object.is(value, expected)

  test('gives what filtering an array gives', () => {
    fc.assert(
      fc.property(anyLog(scale), anyNames(scale), anySettings(scale), ({ log, self }, wanted, given) => {
        const { values, degraded } = compute(wanted, self, log, given)
        const answers = wanted.map((feature) => oracle(feature, self, log, given))
        wanted.forEach((feature, index) => {
          const [value = -1, expected = -1] = [values[index], answers[index]?.value]
          if (!agrees(feature, value, expected))
            expect({ feature, value }).toEqual({ feature, value: expected })
        })
        const lacking = new Set(answers.flatMap((answer) => answer.degraded ?? []))
        expect(degraded).toEqual([...lacking].toSorted())
      }),
      { numRuns: 500 },
    )
  })

  /** Where so many records from `at` on end. */
  const recordsEnd = (bytes: Uint8Array, at: number, records: number): number => {
    let end = at
    for (let n = 0; n < records && end < bytes.byteLength; n++) end += (bytes[end + 1] ?? 0) * 8
    return end
  }

  test('gives the same however its records were cut into appends', () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 })
    fc.assert(
      fc.property(anyLog(scale), anyNames(scale), cuts, ({ log, self }, wanted, lengths) => {
        const retentionMs = retentionOf(scale)
        const plan = compileFeatures(wanted, { retentionMs })
        const given = { ...complete, retentionMs }
        const [whole, pieces] = [new Float64Array(wanted.length), new Float64Array(wanted.length)]
        plan.compute(recalledOf(self, log, given), whole)
        const inPieces = (bytes: Uint8Array) => {
          const history = createHistory()
          for (let at = 0, cut = 0; at < bytes.byteLength; cut++) {
            const end = recordsEnd(bytes, at, lengths[cut % lengths.length] ?? 1)
            appendTo(history, bytes.subarray(at, end))
            at = end
          }
          return history
        }
        plan.compute(recalledOf(self, log, given, inPieces), pieces)
        expect(pieces).toEqual(whole)
      }),
      { numRuns: 70 },
    )
  })
})
