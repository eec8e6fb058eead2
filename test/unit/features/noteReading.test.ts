import { describe, expect, test } from 'vitest'
import type { OracleEntry } from '../../support/oracleEntries.ts'
import {
  aPast,
  complete,
  compute,
  day,
  everywhere,
  happened,
  hour,
  labelled,
  minute,
  noon,
  onlyAccount,
  paid,
  self,
  told,
  valueOf,
} from '../../support/pasts.ts'

const a = aPast('a', minute)
const b = aPast('b', hour)

describe('outcomes', () => {
  const names = ['blocked_count', 'declined_count', 'stepup_failed'].map((measure) => `account.${measure}.1h`)

  test('are counted by kind, with the payment or after it', () => {
    const log = [paid(a, 'BLOCK'), paid(aPast('c', minute)), told(aPast('c', minute), 'STEP_UP_FAILED')]
    expect(compute(names, self(), log).values).toEqual([1, 0, 1])
    expect(compute(names, self(), [...log, told(a, 'DECLINED')]).values).toEqual([1, 1, 1])
  })

  test('count once for each payment: its id, attempt and content', () => {
    const again = { ...a, attempt: 2 }
    const log = [
      paid(a, 'BLOCK'),
      told(a, 'BLOCK'),
      paid(a, 'BLOCK'),
      paid({ ...a, contentHash: 'bb'.padEnd(16, '0') }, 'BLOCK'),
    ]
    expect(compute(names, self(), log).values).toEqual([2, 0, 0])
    expect(compute(names, self(), [...log, paid(again, 'BLOCK')]).values).toEqual([3, 0, 0])
  })

  test('are in the window that their payment is in', () => {
    expect(valueOf('account.blocked_count.1h', self(), [paid(b, 'BLOCK')])).toBe(0)
    expect(valueOf('account.blocked_count.61m', self(), [paid(b), told(b, 'BLOCK')])).toBe(1)
    expect(valueOf('account.blocked_count.1h@1h', self(), [paid(a, 'BLOCK'), paid(b, 'BLOCK')])).toBe(1)
  })

  test('that come before their payment are told with it', () => {
    expect(compute(names, self(), [told(a, 'BLOCK'), paid(a)]).values).toEqual([1, 0, 0])
    expect(compute(names, self(), [told(a, 'BLOCK'), paid(self()), paid(a)]).values).toEqual([0, 0, 0])
  })

  test('of the payment itself are not among the earlier ones', () => {
    const log = [told(self(), 'BLOCK'), paid(self(), 'DECLINED'), told(self(), 'STEP_UP_FAILED')]
    expect(compute(names, self(), log).values).toEqual([0, 0, 0])
  })
})

describe('labels', () => {
  const names = ['account.fraud_count.2h', 'account.fraud_rate.2h', 'account.since_fraud']

  test('count from when they were known', () => {
    const log = [paid(a), paid(b)]
    expect(compute(names, self(), [...log, labelled(b, 'FRAUD', -1)]).values).toEqual([0, 0, NaN])
    expect(compute(names, self(), [...log, labelled(b, 'FRAUD', 0)]).values).toEqual([1, 0.5, 3600])
  })

  test('count where they stand before the payment in the log', () => {
    const log = [paid(a), paid(self()), labelled(a, 'FRAUD', 0)]
    expect(compute(names, self(), log).values).toEqual([0, 0, NaN])
  })

  test('make a payment what was known last, however often it was labelled', () => {
    const fraud = labelled(a, 'FRAUD', 20)
    const genuine = labelled(a, 'GENUINE', 10)
    const values = (...labels: readonly OracleEntry[]) => compute(names, self(), [paid(a), ...labels]).values
    expect(values(fraud, genuine)).toEqual([0, 0, NaN])
    expect(values(genuine, fraud)).toEqual([0, 0, NaN])
    expect(values(fraud, genuine, labelled(a, 'FRAUD', 5))).toEqual([1, 1, 60])
    expect(values(fraud, genuine, labelled(a, 'FRAUD', -5))).toEqual([0, 0, NaN])
    expect(values(fraud, labelled(a, 'FRAUD', 15))).toEqual([1, 1, 60])
  })

  test('of one time are what the later in the log says, but for repeats', () => {
    const [fraud, genuine] = [labelled(a, 'FRAUD', 10), labelled(a, 'GENUINE', 10)]
    expect(valueOf('account.fraud_count.2h', self(), [genuine, fraud])).toBe(1)
    expect(valueOf('account.fraud_count.2h', self(), [fraud, genuine])).toBe(0)
    expect(valueOf('account.fraud_count.2h', self(), [fraud, genuine, fraud])).toBe(0)
  })

  test('are in the window that their payment is in, whether or not that is in the log', () => {
    const spans = ['1h', '61m', '1h@1h', '1h@59m'].map((span) => `account.fraud_count.${span}`)
    expect(compute(spans, self(), [labelled(b, 'FRAUD', 0)]).values).toEqual([0, 1, 1, 1])
    expect(valueOf('account.fraud_rate.2h', self(), [labelled(b, 'FRAUD', 0)])).toBeNaN()
  })

  test('are a share of all payments in the window, those before and this one left out', () => {
    const log = [
      paid(a),
      paid(aPast('c', minute)),
      paid(aPast('d', 2 * hour)),
      labelled(a, 'FRAUD', 0),
      paid(self()),
    ]
    expect(valueOf('account.fraud_rate.2h', self(), log)).toBe(0.5)
    expect(valueOf('account.fraud_rate.2h@1h', self(), [...log.slice(0, -1), paid(b)])).toBe(0)
  })

  test('that say nothing are nothing', () => {
    expect(compute(names, self(), [paid(a), labelled(a, 'UNKNOWN', 0)]).values).toEqual([0, 0, NaN])
  })
})

describe('account events', () => {
  test.each([
    ['LOGIN_SUCCEEDED', 'since_login'],
    ['LOGIN_FAILED', 'since_login_failed'],
    ['PASSWORD_CHANGED', 'since_password_changed'],
    ['CONTACT_CHANGED', 'since_contact_changed'],
    ['PAYEE_ADDED', 'since_payee_added'],
    ['DEVICE_ENROLLED', 'since_device_enrolled'],
    ['SIM_CHANGED', 'since_sim_changed'],
    ['CARD_ADDED', 'since_card_added'],
  ])('%s is what %s measures, to the latest', (event, measure) => {
    const log = [happened(event, 'x', minute), happened(event, 'y', hour), happened('UNKNOWN', 'z', 0)]
    expect(valueOf(`account.${measure}`, self(), log)).toBe(60)
    expect(valueOf(`account.${measure}.2h@30m`, self(), log)).toBe(3600)
    expect(valueOf(`account.${measure}`, self(), log.slice(2))).toBeNaN()
  })

  test('count once by id and kind', () => {
    const log = [
      happened('LOGIN_FAILED', 'x', minute),
      happened('LOGIN_FAILED', 'x', minute),
      happened('LOGIN_SUCCEEDED', 'x', minute),
      happened('LOGIN_FAILED', 'y', minute),
    ]
    expect(valueOf('account.login_failed.1h', self(), log)).toBe(2)
    expect(valueOf('account.since_login', self(), log)).toBe(60)
  })

  test('later than the payment, or later in the log, are not seen', () => {
    const [ahead, late] = [happened('LOGIN_FAILED', 'x', -1), happened('LOGIN_FAILED', 'y', minute)]
    expect(valueOf('account.login_failed.1h', self(), [ahead, paid(self()), late])).toBe(0)
  })
})

describe('where the history begins inside the window', () => {
  const settings = { ...complete, coveredSince: everywhere(noon - hour) }

  test('a count is not known', () => {
    const names = ['blocked_count', 'fraud_count', 'fraud_rate', 'login_failed']
    const log = [paid(a, 'BLOCK'), labelled(a, 'FRAUD', 0)]
    for (const name of names) {
      expect(compute([`account.${name}.1h`], self(), log, settings).degraded).toEqual([])
      expect(compute([`account.${name}.1h@1s`], self(), log, settings)).toEqual({
        values: [NaN],
        degraded: ['history.account'],
      })
    }
  })

  test('what was since is known where its latest lies in what is covered', () => {
    const names = ['account.since_fraud', 'account.since_login']
    const since = (ago: number) =>
      compute(
        names,
        self(),
        [labelled(aPast('p', ago), 'FRAUD', 0), happened('LOGIN_SUCCEEDED', 'x', ago)],
        settings,
      )
    expect(since(hour)).toEqual({ values: [3600, 3600], degraded: [] })
    expect(since(hour + 1)).toEqual({ values: [NaN, NaN], degraded: ['history.account'] })
    expect(compute(names, self(), [], settings).degraded).toEqual(['history.account'])
  })
})

test('each entity has its own notes', () => {
  const entities = { ...onlyAccount, device: 'd1' }
  const log = [paid({ ...b, entities }, 'BLOCK'), paid(a, 'BLOCK')]
  const names = ['account.blocked_count.1d', 'device.blocked_count.1d', 'card.blocked_count.1d']
  expect(compute(names, self({ entities }), log)).toEqual({ values: [2, 1, NaN], degraded: [] })
  expect(valueOf('account.blocked_count.1d', self({ effectiveAt: noon + day - hour }), log)).toBe(1)
})

describe('runs of known frauds', () => {
  const c = aPast('c', 2 * hour)
  const log = [paid(c), paid(b), paid(a), labelled(a, 'FRAUD', noon), labelled(b, 'FRAUD', noon)]

  test('go back to the latest payment that is not known to be fraud', () => {
    expect(valueOf('account.fraud_run.1d', self(), log)).toBe(2)
    expect(valueOf('account.since_genuine.1d', self(), log)).toBe(7200)
    expect(valueOf('account.fraud_run.1d', self(), [...log, labelled(a, 'GENUINE', noon)])).toBe(0)
  })

  test('do not hold a fraud that came late, from before that payment', () => {
    const late = [paid(a), paid(c), labelled(c, 'FRAUD', noon)]
    expect(valueOf('account.fraud_run.1d', self(), late)).toBe(0)
    expect(valueOf('account.since_genuine.1d', self(), late)).toBe(60)
  })

  test('begin with the window, and then nobody knows since when', () => {
    expect(valueOf('account.fraud_run.90m', self(), log)).toBe(2)
    expect(valueOf('account.since_genuine.90m', self(), log)).toBeNaN()
  })
})

describe('peak', () => {
  test('is the highest of the window against the median of four windows', () => {
    const log = [
      paid({ ...aPast('x', 3 * hour), amount: 100 }, 'ALLOW'),
      paid({ ...aPast('y', 50 * minute), amount: 300 }, 'ALLOW'),
      paid({ ...aPast('z', 10 * minute), amount: 200 }, 'ALLOW'),
    ]
    expect(valueOf('account.peak.1h', self(), log)).toBe(1.5)
    expect(valueOf('account.peak.30m', self(), log)).toBeCloseTo(0.8, 12)
    expect(valueOf('account.peak.5m', self(), log)).toBeNaN()
  })
})
