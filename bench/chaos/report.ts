import type { Findings } from '../../test/checker/verdict.ts'
import { table } from '../table.ts'
import type { Recovery } from './recovery.ts'

export type Verdict = {
  readonly delivery: string
  readonly findings: Findings
  /** Of the payers themselves: payments for which no answer came. */
  readonly unanswered: number
}

/** Nothing missing, nothing contradictory, and nothing twice where that is promised. */
export const isHeld = ({ delivery, findings, unanswered }: Verdict): boolean =>
  unanswered === 0 &&
  findings.missing.length === 0 &&
  findings.contradictory.length === 0 &&
  findings.unasked.length === 0 &&
  findings.disordered.length === 0 &&
  findings.unflagged.length === 0 &&
  findings.misflagged.length === 0 &&
  (delivery === 'at-least-once' || findings.duplicates === 0)

const seconds = (value: number): string => (Number.isFinite(value) ? value.toFixed(1) : 'not in time')

export const recoveryTable = (recoveries: readonly Recovery[]): string =>
  table([
    [
      'fault',
      'at, s',
      'lasted, s',
      'limit, ms',
      'recovered, s',
      'all answered, s',
      'longest wait, s',
      'over deadline',
    ],
    ...recoveries.map((each) => [
      each.name,
      each.atS.toFixed(0),
      each.lastedS.toFixed(1),
      each.limitMs.toFixed(0),
      seconds(each.recoveredS),
      seconds(each.answeredS),
      seconds(each.longestS),
      String(each.overdue),
    ]),
  ])

export const findingsText = ({ findings, unanswered }: Verdict): string => {
  const { sent, answered, duplicates, heldUp, ...lists } = findings
  const { missing, contradictory, unasked, disordered, unflagged, misflagged, repeated } = lists
  const counts = { missing, contradictory, unasked, disordered, unflagged, misflagged, repeated }
  return [
    `sent ${sent}, answered ${answered}, unanswered at the switch ${unanswered}, duplicates ${duplicates}, decided in time and written late ${heldUp}`,
    ...Object.entries(counts).map(
      ([name, all]) => `${name} ${all.length}${all.length > 0 ? `: ${all.slice(0, 5).join(', ')}` : ''}`,
    ),
  ].join('\n')
}
