import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  noDecision,
  toPaymentStatus,
  toTransStatus,
  type StepUpResult,
} from '../../../src/client/statuses.ts'
import { reasonCatalogue } from '../../../src/decision/reasonCatalogue.ts'
import { outcomes, type Outcome } from '../../../src/domain/outcome.ts'
import { stepUpMethods, type StepUpMethod } from '../../../src/domain/decision.ts'

/** Not for rules, and yet of the payer or payee: the model's word, and that of a list. What is confirmed allows. */
const saysFraud = new Set(['MODEL_SCORE', 'LISTED', 'STEP_UP_CONFIRMED'])
const results = [null, 'PASSED', 'FAILED', 'ABANDONED'] as const
const decision = (outcome: Outcome, stepUpMethod: StepUpMethod | null = null, code = 'MODEL_SCORE') => ({
  outcome,
  stepUpMethod,
  reasons: [{ code, contribution: null }],
})

describe('what the switch tells others of a decision', () => {
  it.each([
    [decision('ALLOW'), null, 'Y', null, 'ACCP', null],
    [decision('BLOCK'), null, 'R', '11', 'RJCT', 'FRAD'],
    [decision('BLOCK', null, 'STEP_UP_FAILED'), null, 'R', '19', 'RJCT', 'MS03'],
    [decision('BLOCK', null, 'INVALID_PAYMENT'), null, 'R', '07', 'RJCT', 'FF01'],
    [decision('BLOCK', null, 'PAYMENT_ID_REUSED'), null, 'R', '07', 'RJCT', 'DU03'],
    [decision('BLOCK', null, 'NO_SAFE_STEP_UP'), null, 'R', '09', 'RJCT', 'MS03'],
    [decision('BLOCK', null, 'AMOUNT_LIMIT'), null, 'R', '12', 'RJCT', 'AM14'],
    [decision('BLOCK', null, 'LATE'), null, 'R', '22', 'RJCT', 'MS03'],
    [decision('BLOCK', null, 'KILL_SWITCH'), null, 'R', '22', 'RJCT', 'MS03'],
    [decision('BLOCK', null, 'SIM_CHANGED'), null, 'R', '11', 'RJCT', 'FRAD'],
    [decision('STEP_UP', 'PASSKEY'), null, 'C', null, 'PDNG', null],
    [decision('STEP_UP', 'CALL_BACK'), null, 'D', null, 'PDNG', null],
    [decision('STEP_UP', 'PASSKEY'), 'PASSED', 'Y', null, 'ACCP', null],
    [decision('STEP_UP', 'PASSKEY'), 'FAILED', 'N', '01', 'RJCT', 'MS03'],
    [decision('STEP_UP', 'PASSKEY'), 'ABANDONED', 'N', '14', 'RJCT', 'DS24'],
    [decision('STEP_UP', 'BRANCH'), 'ABANDONED', 'N', '24', 'RJCT', 'DS24'],
  ] as const)('%o, %s', (of, result, transStatus, transStatusReason, transactionStatus, statusReason) => {
    expect(toTransStatus(of, result)).toEqual({ transStatus, transStatusReason })
    expect(toPaymentStatus(of, result)).toEqual({ transactionStatus, statusReason })
  })

  it('never lets pass what was not allowed or confirmed, and says why where it refuses', () => {
    for (const outcome of outcomes)
      for (const method of stepUpMethods)
        for (const result of results as readonly (StepUpResult | null)[]) {
          const { transStatus, transStatusReason } = toTransStatus(decision(outcome, method), result)
          const { transactionStatus, statusReason } = toPaymentStatus(decision(outcome), result)
          const passes = outcome === 'ALLOW' || (outcome === 'STEP_UP' && result === 'PASSED')
          expect([transStatus === 'Y', transactionStatus === 'ACCP']).toEqual([passes, passes])
          expect(transStatusReason === null).toBe(!['N', 'R', 'U'].includes(transStatus))
          expect(statusReason === null).toBe(transactionStatus !== 'RJCT')
        }
    expect(noDecision.transStatus.transStatus).toBe('U')
  })

  it('tells nobody of fraud where the reason is not about the payer', () => {
    for (const [code, { finding }] of Object.entries(reasonCatalogue)) {
      if (finding !== null || saysFraud.has(code)) continue
      const of = decision('BLOCK', null, code)
      expect([code, toTransStatus(of).transStatusReason, toPaymentStatus(of).statusReason]).not.toContain(
        'FRAD',
      )
      expect(toTransStatus(of).transStatusReason, code).not.toBe('11')
    }
  })

  it('is the table of the documentation', () => {
    const page = readFileSync(new URL('../../../docs/step-up.md', import.meta.url), 'utf8')
    const rows = page
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    const cellsOf = (outcome: string, method: string, result: string) =>
      rows.find((cells) => cells[1] === outcome && cells[2] === method && cells[3] === result)?.slice(4, 8)
    const shown = (text: string | null): string => text ?? '-'
    for (const [outcome, method, result, of] of [
      ['ALLOW', '-', '-', decision('ALLOW')],
      ['BLOCK', '-', '-', decision('BLOCK')],
      ['STEP_UP', 'in session', '-', decision('STEP_UP', 'PUSH')],
      ['STEP_UP', 'decoupled', '-', decision('STEP_UP', 'BRANCH')],
      ['STEP_UP', 'in session', 'PASSED', decision('STEP_UP', 'PUSH')],
      ['STEP_UP', 'in session', 'FAILED', decision('STEP_UP', 'PUSH')],
      ['STEP_UP', 'in session', 'ABANDONED', decision('STEP_UP', 'PUSH')],
      ['STEP_UP', 'decoupled', 'ABANDONED', decision('STEP_UP', 'BRANCH')],
    ] as const) {
      const told = result === '-' ? null : result
      const [three, iso] = [toTransStatus(of, told), toPaymentStatus(of, told)]
      expect(cellsOf(outcome, method, result)).toEqual([
        three.transStatus,
        shown(three.transStatusReason),
        iso.transactionStatus,
        shown(iso.statusReason),
      ])
    }
  })
})
