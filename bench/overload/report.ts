import { table } from '../table.ts'
import type { Verdict } from './verdict.ts'

const count = (value: number): string => Math.round(value).toLocaleString('en')
const seconds = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(2)} s` : 'not in time')

export const verdictText = (verdict: Verdict): string => {
  const { capacities, memory, findings, missed } = verdict
  const leftOut = Object.entries(verdict.leftOut).map(([work, payments]) => `${work} ${count(payments)}`)
  const { missing, contradictory, unasked, disordered, unflagged, misflagged } = findings
  const wrong = { missing, contradictory, unasked, disordered, unflagged, misflagged }
  return [
    table([
      ['capacity, nothing left out', `${count(capacities.whole)}/s`],
      ['capacity while shedding', `${count(capacities.shedding)}/s`],
      ['CPU a payment, nothing left out', `${count(verdict.cpuMicros.whole)} us`],
      ['CPU a payment while shedding', `${count(verdict.cpuMicros.shedding)} us`],
      ['offered in the surge', `${count(verdict.surgePerSecond)}/s`],
      ['offered after it', `${count(verdict.calmPerSecond)}/s`],
      ['payments', count(verdict.offered)],
      ['without an answer', count(verdict.unanswered)],
      ['over the deadline at the switch', count(verdict.overdue)],
      ['of those, after it was inside again', count(verdict.overdueAfter)],
      ['flagged as late', count(verdict.late)],
      ['left out of payments', leftOut.join(', ')],
      ['backlog when the surge ended', count(verdict.backlog)],
      ['inside the deadline again after', seconds(verdict.insideAgainS)],
      ['bound', seconds(verdict.boundS)],
      ['slowest send', `${count(verdict.slowestSendMs)} ms`],
      ['memory, most', `${count(memory.most)} MiB`],
      ['memory, last', `${count(memory.last)} MiB`],
      ['memory beside the copies, most', `${count(memory.mostBeside)} MiB`],
    ]),
    `the checker: sent ${findings.sent}, answered ${findings.answered}, duplicates ${findings.duplicates}, held up by Kafka ${findings.heldUp}, ${Object.entries(
      wrong,
    )
      .map(([name, all]) => `${name} ${all.length}`)
      .join(', ')}`,
    ...missed.map((text) => `MISSED: ${text}`),
    missed.length === 0 ? 'held' : 'NOT HELD',
  ].join('\n')
}
