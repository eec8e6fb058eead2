import { describe, expect, test } from 'vitest'
import {
  aPast,
  complete,
  compute,
  day,
  everywhere,
  hour,
  labelled,
  minute,
  noon,
  onlyAccount,
  paid,
  self,
  valueOf,
} from '../../support/pasts.ts'

const at = (account: string | null) => ({ ...onlyAccount, account, merchant: 'm1' })
const paying = (id: string, ago: number, account: string | null, amount: number) =>
  aPast(id, ago, { entities: at(account), amount })
const here = self({ entities: at('a9') })

/** The latest that is no fraud, then an everyday fraud of one payer and a large one of another. */
const genuine = paying('genuine', 5 * hour, 'a1', 100)
const everyday = paying('everyday', 4 * hour, 'a1', 120)
const large = paying('large', 3 * hour, 'a2', 1000)
const visit = paying('visit', 6 * hour, 'a2', 300)
const frauds = [labelled(everyday, 'FRAUD', 0), labelled(large, 'FRAUD', 0)]
const names = ['', '_since', '_min', '_max'].map((which) => `merchant.fraud_run_usual${which}.1d`)
const of = (...log: Parameters<typeof compute>[2]) => compute(names, here, log)

describe('a run of frauds that are usual for their payers', () => {
  test('passes over a payment of more than three times what else its payer pays there', () => {
    const log = [paid(visit), paid(genuine), paid(everyday), paid(large), ...frauds]
    expect(of(...log).values).toEqual([1, 4 * 3600, 120, 120])
    expect(valueOf('merchant.fraud_run.1d', here, log)).toBe(2)
    expect(valueOf('merchant.since_genuine.1d', here, log)).toBe(5 * 3600)
  })

  test('keeps one of exactly three times that, and one whose payer paid nothing else there', () => {
    const third = paying('visit', 6 * hour, 'a2', 1000 / 3)
    expect(of(paid(third), paid(genuine), paid(everyday), paid(large), ...frauds).values[0]).toBe(2)
    expect(of(paid(genuine), paid(everyday), paid(large), ...frauds).values[0]).toBe(2)
  })

  test('compares with the median, of all that is seen by now and lies after the start of the window', () => {
    const visits = [100, 10_000, 200].map((amount, i) => paid(paying(`v${i}`, (6 + i) * hour, 'a2', amount)))
    const log = [...visits, paid(genuine), paid(everyday), paid(large), ...frauds]
    expect(of(...log).values[0]).toBe(1)
    const later = paying('later', minute, 'a2', 300)
    const delayed = 'merchant.fraud_run_usual.1d@2h'
    const short = [paid(genuine), paid(everyday), paid(large), ...frauds]
    expect(valueOf(delayed, here, short)).toBe(2)
    expect(valueOf(delayed, here, [...short, paid(later)])).toBe(1)
    expect(valueOf(delayed, here, [...short, paid(here), paid(later)])).toBe(2)
    expect(valueOf('merchant.fraud_run_usual.330m', here, [paid(visit), ...short])).toBe(2)
  })

  test('compares no payments without an account', () => {
    const nobody = [paying('x', 3 * hour, null, 1000), paying('y', 6 * hour, null, 100)] as const
    const log = [paid(nobody[1]), paid(genuine), paid(nobody[0]), labelled(nobody[0], 'FRAUD', 0)]
    expect(of(...log).values[0]).toBe(1)
  })

  test('is not known where an amount that it compares has no rate', () => {
    const unrated = { ...visit, amount: NaN }
    const log = [paid(unrated), paid(genuine), paid(everyday), paid(large), ...frauds]
    expect(of(...log)).toEqual({ values: [NaN, NaN, NaN, NaN], degraded: ['rates'] })
    expect(valueOf('merchant.fraud_run.1d', here, log)).toBe(2)
  })

  test('needs the whole window where it compares', () => {
    const settings = { ...complete, coveredSince: everywhere(noon - 5.5 * hour) }
    const log = [paid(genuine), paid(everyday), paid(large)]
    expect(compute(names.slice(0, 1), here, [...log, ...frauds], settings)).toEqual({
      values: [NaN],
      degraded: ['history.merchant'],
    })
    expect(compute(names.slice(0, 1), here, log, settings)).toEqual({ values: [0], degraded: [] })
  })

  test('is empty where all are unusual', () => {
    const log = [paid(visit), paid(genuine), paid(large), labelled(large, 'FRAUD', 0)]
    expect(of(...log).values).toEqual([0, NaN, NaN, NaN])
    expect(valueOf('merchant.fraud_run_usual.1d', self({ ...here, effectiveAt: noon + day }), log)).toBe(0)
  })
})
