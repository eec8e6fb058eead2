import { describe, expect, it } from 'vitest'
import { explanationLines } from '../../../../src/offline/demo/show/explanation.ts'
import { money, span, value } from '../../../../src/offline/demo/show/numbers.ts'
import { progressLine, tableLines } from '../../../../src/offline/demo/show/progress.ts'
import { isSuccess, resultLines, resultOf } from '../../../../src/offline/demo/show/result.ts'
import type { Snapshot } from '../../../../src/offline/demo/tally.ts'
import { aPayment } from '../../../support/payments.ts'
import { aDecision, fraudTruth } from '../../../support/simulated.ts'

const snapshot: Snapshot = {
  sent: 1_500,
  decided: 1_500,
  conflicting: 0,
  duplicates: 2,
  unexpected: 0,
  degraded: 3,
  late: 1,
  outcomes: { ALLOW: 1_470, STEP_UP: 20, BLOCK: 10 },
  fraud: { caught: 8, missed: 2 },
  goodStopped: 22,
  latencyMs: { p50: 4.125, p99: 12.34, p999: 123.4, max: 200 },
}
const quantile = { value: 0.004, from: 0.0025, to: 0.005 }
const ownPart = { p50: quantile, p99: quantile, p999: { value: null, from: 1, to: Infinity } }
const course = { ratePerSecond: 100, seconds: 15, elapsedMs: 15_000, timeLapse: 1_500, snapshot }

describe('numbers', () => {
  it.each([
    [123_456, 'EUR', '1,234.56 EUR'],
    [500, 'JPY', '500 JPY'],
    [1_234, 'KWD', '1.234 KWD'],
  ])('%d of %s is %s', (amountMinor, currency, shown) => expect(money(amountMinor, currency)).toBe(shown))

  it('says when a value is not known', () => {
    expect([NaN, 3, 0.123456, 12_345.6].map(value)).toEqual(['not known', '3', '0.1235', '12,346'])
  })

  it('finds the unit for a length of time', () => {
    expect([1_500, 1_500_000, 36_000_000, 864_000_000].map(span)).toEqual([
      '1.5 s',
      '25 min',
      '10.0 h',
      '10.0 days',
    ])
  })
})

describe('progress', () => {
  it('is a table on a terminal', () => {
    const table = tableLines(course).join('\n')
    expect(table).toMatch(/15\.0 s of 15 s, one second here is 25 min there/)
    expect(table).toMatch(/STEP_UP +20 +1\.33 %/)
    expect(table).toMatch(/p50 4\.13 +p99 12\.3 +p99\.9 123 +max 200 ms/)
    expect(table).toMatch(/good stopped 1\.48 %/)
  })

  it('has no share of nothing', () => {
    const nothing = {
      ...snapshot,
      sent: 0,
      decided: 0,
      outcomes: { ALLOW: 0, STEP_UP: 0, BLOCK: 0 },
      fraud: { caught: 0, missed: 0 },
      latencyMs: null,
    }
    expect(tableLines({ ...course, snapshot: nothing }).join('\n')).not.toMatch(/NaN|Infinity/)
  })

  it('is one line elsewhere', () => {
    expect(progressLine(course)).toMatch(/^15\.0 s: 1,500 sent, 1,500 decided; ALLOW 98\.00 %.*degraded 3$/)
  })
})

describe('the result', () => {
  it('has exactly the fields that were promised', () => {
    expect(resultOf(snapshot, ownPart)).toEqual({
      sent: 1_500,
      decided: 1_500,
      missing: 0,
      conflicting: 0,
      duplicates: 2,
      degraded: 3,
      outcomes: { ALLOW: 1_470, STEP_UP: 20, BLOCK: 10 },
      latencyMs: { p50: 4.125, p99: 12.34, p999: 123.4, max: 200 },
      fraud: { caught: 8, missed: 2 },
      ownPartMs: { p50: 4, p99: 4, p999: null },
    })
  })

  it.each([
    ['a missing decision', { decided: 1_499 }],
    ['two different decisions', { conflicting: 1 }],
    ['nothing sent', { sent: 0, decided: 0 }],
  ])('is no success with %s', (_what, over) => {
    expect(isSuccess(resultOf(snapshot, ownPart))).toBe(true)
    expect(isSuccess(resultOf({ ...snapshot, ...over }, ownPart))).toBe(false)
  })

  it('says how sure the own part is', () => {
    const lines = resultLines(resultOf(snapshot, ownPart), snapshot, ownPart).join('\n')
    expect(lines).toMatch(/p50 4\.00 \(bucket 2\.5 to 5\)/)
    expect(lines).toMatch(/p99\.9 above 1000/)
    expect(lines).toMatch(/8 of 10 frauds stopped; 22 of 1,490 good payments too/)
  })
})

describe('an explanation', () => {
  const payment = aPayment({ amountMinor: 184, payeeId: null, merchantId: 'mer-7' })
  const decision = aDecision({
    outcome: 'STEP_UP',
    probability: 0.73,
    riskLevel: 'HIGH',
    stepUpMethod: 'CALL_BACK',
    reasons: [
      { code: 'CARD_TESTING', contribution: null },
      { code: 'NEW_DEVICE', contribution: 1.5 },
    ],
    notices: [
      {
        code: 'CHECK_CARD',
        severity: 'WARNING',
        actionEn: 'Look at your payments.',
        actionZh: '请查看付款记录。',
        reasonEn: 'Your card may be in other hands.',
        reasonZh: '您的银行卡信息可能已被他人掌握。',
      },
    ],
  })
  const lines = explanationLines({ payment, truth: fraudTruth, decision }, ({ code }) =>
    code === 'NEW_DEVICE' ? [{ feature: 'account_device.is_new', value: 1, usual: 0 }] : [],
  ).join('\n')

  it('tells the payment, the decision and the truth', () => {
    expect(lines).toContain('STEP_UP  pay-1 (really a fraud: CARD_TESTING)')
    expect(lines).toContain('1.84 EUR, TRANSFER by APP, from acc-1, at mer-7, with dev-1')
    expect(lines).toContain('probability of fraud 0.730, risk HIGH, step-up by CALL_BACK')
  })

  it('words each reason in two languages, with its weight and its numbers', () => {
    expect(lines).toMatch(/rule {2}CARD_TESTING: Many small card payments.*盗卡/)
    expect(lines).toMatch(/\+1\.50 {2}NEW_DEVICE: The account has not paid from this device before/)
    expect(lines).toContain('account_device.is_new 1 (ordinary: 0)')
  })

  it('tells the payer what to do, and how long each stage took', () => {
    expect(lines).toContain('Look at your payments. Your card may be in other hands.')
    expect(lines).toContain('请查看付款记录。您的银行卡信息可能已被他人掌握。')
    expect(lines).toContain('wait 1, decode 2, recall 3, features 4, score 5, decide 6')
  })
})
