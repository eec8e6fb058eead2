import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { entityTypes, type EntityType } from '../../../src/domain/entity.ts'
import { appendTo, createHistory } from '../../../src/features/history.ts'
import { compileFeatures, defaultRetentionMs } from '../../../src/features/plan.ts'
import { outcomeCodes } from '../../../src/features/record.ts'
import { recalledOf } from '../../support/histories.ts'
import { oracle, type OracleEntry, type OraclePayment, type OracleSettings } from '../../support/oracle.ts'

const noon = Date.UTC(2026, 0, 15, 12)
const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

const everywhere = (since: number): Readonly<Record<EntityType, number>> => ({
  account: since,
  card: since,
  device: since,
  ip: since,
  payee: since,
  merchant: since,
})
const complete: OracleSettings = {
  retentionMs: defaultRetentionMs,
  coveredSince: everywhere(0),
  unreadable: [],
}

const onlyAccount = { account: 'a1', card: null, device: null, ip: null, payee: null, merchant: null }

const aPast = (paymentId: string, ago: number, over: Partial<OraclePayment> = {}): OraclePayment => ({
  paymentId,
  attempt: 1,
  contentHash: '00aa000000000000',
  effectiveAt: noon - ago,
  amount: 100,
  entities: onlyAccount,
  place: null,
  ...over,
})
const self = (over: Partial<OraclePayment> = {}): OraclePayment => aPast('self', 0, over)
const paid = (payment: OraclePayment, outcome = 'UNKNOWN'): OracleEntry => ({
  kind: 'payment',
  payment,
  outcome,
})

/** The features of the last entry, as of its first record. */
const compute = (
  names: readonly string[],
  payment: OraclePayment,
  log: readonly OracleEntry[],
  settings: OracleSettings = complete,
): { readonly values: readonly number[]; readonly degraded: readonly string[] } => {
  const row = new Float64Array(names.length).fill(-1)
  const plan = compileFeatures(names, { retentionMs: settings.retentionMs })
  const degraded = plan.compute(recalledOf(payment, log, settings), row)
  return { values: [...row], degraded }
}
const valueOf = (
  name: string,
  payment: OraclePayment,
  log: readonly OracleEntry[],
  settings = complete,
): number => compute([name], payment, log, settings).values[0] ?? -1

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
  const outcome = (payment: OraclePayment, outcome: string): OracleEntry => ({
    kind: 'outcome',
    payment,
    contentKnown: true,
    outcome,
  })

  test('are those with ALLOW, or with a step-up that was passed', () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((id) => aPast(id, minute)) as [
      OraclePayment,
      OraclePayment,
      OraclePayment,
      OraclePayment,
    ]
    const log = [
      paid(a),
      paid(b),
      paid(c),
      paid(d),
      outcome(a, 'ALLOW'),
      outcome(b, 'STEP_UP'),
      outcome(c, 'BLOCK'),
    ]
    expect(valueOf('account.accepted_count.1h', self(), log)).toBe(1)
    expect(valueOf('account.accepted_count.1h', self(), [...log, outcome(b, 'STEP_UP_PASSED')])).toBe(2)
  })

  test('are not known to be allowed before their outcome stands in the log', () => {
    const a = aPast('a', minute)
    expect(valueOf('account.accepted_count.1h', self(), [paid(a), paid(self()), outcome(a, 'ALLOW')])).toBe(0)
  })

  test('may have their outcome before themselves, as a repair appends them', () => {
    const a = aPast('a', minute)
    expect(valueOf('account.accepted_count.1h', self(), [outcome(a, 'ALLOW'), paid(a)])).toBe(1)
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

describe('any history', () => {
  const retentionMs = 10 * minute
  const tokens = (prefix: string, count: number) =>
    fc.option(
      fc.integer({ min: 1, max: count }).map((n) => `${prefix}${n}`),
      { nil: null, freq: 4 },
    )
  const entities = fc.record({
    account: fc.constantFrom('a1', 'a1', 'a2'),
    card: tokens('c', 2),
    device: tokens('d', 3),
    ip: tokens('i', 2),
    payee: tokens('p', 3),
    merchant: tokens('m', 2),
  })
  /** A coarse grid, so that equal times and exact edges of windows are common. */
  const time = fc.integer({ min: 0, max: 24 }).map((tick) => noon + tick * 30 * second)
  const payment: fc.Arbitrary<OraclePayment> = fc.record({
    paymentId: fc.constantFrom(...'abcdefghijkl'),
    attempt: fc.constantFrom(1, 1, 2),
    contentHash: fc.constantFrom('0001', 'ff02').map((start) => start.padEnd(16, '0')),
    effectiveAt: time,
    amount: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(1, 100, 100, 250, 99_999, 1_000_000_000) },
      { weight: 20, arbitrary: fc.integer({ min: 1, max: 10_000 }) },
      { weight: 1, arbitrary: fc.constant(NaN) },
    ),
    entities,
    place: fc.option(
      fc.constantFrom({ latitude: 50.1, longitude: 8.7 }, { latitude: -33.9, longitude: 151.2 }),
    ),
  })
  const entry = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('payment' as const),
        of: fc.nat(),
        shift: fc.constantFrom(0, 0, 0, 60_000),
        outcome: fc.constantFrom('UNKNOWN', 'UNKNOWN', 'UNKNOWN', ...outcomeCodes),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('outcome' as const),
        of: fc.nat(),
        contentKnown: fc.boolean(),
        outcome: fc.constantFrom('ALLOW', 'ALLOW', ...outcomeCodes),
      }),
    },
  )
  /** Payments and what is written of them; the same payment may be written again, also with another time. */
  const written = fc
    .tuple(
      fc.uniqueArray(payment, {
        minLength: 1,
        maxLength: 40,
        selector: (p) => p.paymentId + p.attempt + p.contentHash,
      }),
      fc.array(entry, { maxLength: 150, size: 'max' }),
      fc.nat(),
    )
    .map(([payments, entries, chosen]) => {
      const pick = (of: number): OraclePayment => payments[of % payments.length] as OraclePayment
      const log = entries.map((each): OracleEntry => {
        const payment = pick(each.of)
        if (each.kind === 'outcome')
          return { kind: 'outcome', payment, contentKnown: each.contentKnown, outcome: each.outcome }
        return {
          kind: 'payment',
          payment: { ...payment, effectiveAt: payment.effectiveAt + each.shift },
          outcome: each.outcome,
        }
      })
      return { log, self: pick(chosen) }
    })

  const entity = fc.constantFrom(...entityTypes)
  const subject = fc.oneof(
    fc.constant('account'),
    entity,
    fc.uniqueArray(entity, { minLength: 2, maxLength: 2 }).map((pair) => pair.join('_')),
  )
  const window = fc.constantFrom('30s', '1m', '90s', '5m', '10m')
  const measured = [
    'count',
    'accepted_count',
    'sum',
    'mean',
    'min',
    'max',
    'stddev',
    'zscore_amount',
    'ratio_to_mean',
    'ratio_to_max',
    'same_amount_count',
  ]
  const name = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(subject, fc.constantFrom(...measured), window).map((parts) => parts.join('.')),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(subject, entity, window)
        .filter(([of, target]) => !of.split('_').includes(target))
        .map(([of, target, length]) => `${of}.distinct_${target}.${length}`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(subject, fc.constantFrom('since_last', 'since_first', 'is_new'))
        .map((parts) => parts.join('.')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('account.since_last.5m', 'payment.distance_km', 'payment.speed_kmh'),
    },
  )
  const names = fc.array(name, { minLength: 1, maxLength: 30 })
  const settings: fc.Arbitrary<OracleSettings> = fc.record({
    retentionMs: fc.constant(retentionMs),
    coveredSince: fc
      .array(fc.oneof(fc.constant(0), fc.constant(0), fc.constant(Infinity), time), {
        minLength: 6,
        maxLength: 6,
      })
      .map(([account = 0, card = 0, device = 0, ip = 0, payee = 0, merchant = 0]) => ({
        account,
        card,
        device,
        ip,
        payee,
        merchant,
      })),
    unreadable: fc.oneof(fc.constant([]), fc.constant([]), fc.subarray([...entityTypes])),
  })

  /** Exact, but for what needs a mean of squares or angles. */
  const inexact = /stddev|zscore|distance|speed/
  const agrees = (feature: string, value: number, expected: number): boolean =>
    inexact.test(feature)
      ? (Number.isNaN(value) && Number.isNaN(expected)) ||
        Math.abs(value - expected) <= 1e-6 + 1e-9 * Math.abs(expected)
      : Object.is(value, expected)

  test('gives what filtering an array gives', () => {
    fc.assert(
      fc.property(written, names, settings, ({ log, self }, wanted, given) => {
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
      { numRuns: 1000 },
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
      fc.property(written, names, cuts, ({ log, self }, wanted, lengths) => {
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
      { numRuns: 200 },
    )
  })
})
