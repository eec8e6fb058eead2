import { describe, expect, it } from 'vitest'
import { caseStates, type CaseState } from '../../../../src/domain/case.ts'
import { answerTo } from '../../../../src/intel/cases/answer.ts'
import { aCommand } from '../../../support/sharing/cases.ts'

const learnedAt = Date.UTC(2026, 0, 5)
const now = learnedAt + 1_000
const known = (state: CaseState) =>
  ({ state, subject: 'PAYMENT', subjectId: 'pay-1', learnedAt, embargoUntil: null }) as const

const advance = (from: CaseState, state: CaseState, note: string | null = null) =>
  answerTo(aCommand({ kind: 'ADVANCE', state, note, subject: 'UNKNOWN', subjectId: null }), known(from), now)

describe('the answer to a command', () => {
  it('leads from each state to the next, early to the end with a reason, and nowhere else', () => {
    const states = caseStates.filter((state) => state !== 'UNKNOWN')
    const ways = states.flatMap((from) =>
      states.filter((to) => advance(from, to).kind === 'ADVANCED').map((to) => `${from} ${to}`),
    )
    expect(ways).toEqual([
      'DETECTED VERIFIED',
      'VERIFIED REPORTED',
      'REPORTED ACKNOWLEDGED',
      'ACKNOWLEDGED CLOSED',
    ])
    const withReason = states.filter((from) => advance(from, 'CLOSED', 'a false alarm').kind === 'ADVANCED')
    expect(withReason).toEqual(['DETECTED', 'VERIFIED', 'ACKNOWLEDGED'])
    expect(advance('CLOSED', 'DETECTED').refusal).toBe('expected a case that is open, and it is CLOSED')
  })

  it('opens a case once, with a subject and a time that has come', () => {
    expect(answerTo(aCommand({ learnedAt }), undefined, now)).toMatchObject({
      kind: 'OPENED',
      state: 'DETECTED',
      learnedAt,
      recordedAt: now,
    })
    expect(answerTo(aCommand(), known('CLOSED'), now).refusal).toMatch(/new case id/)
    expect(answerTo(aCommand({ subjectId: null }), undefined, now).refusal).toMatch(/subject/)
    expect(answerTo(aCommand({ learnedAt: null }), undefined, now).refusal).toMatch(/learned of/)
    expect(answerTo(aCommand({ learnedAt: now + 1 }), undefined, now).refusal).toMatch(/future/)
  })

  it('refuses what speaks of no case, and what says nothing', () => {
    for (const kind of ['ADVANCE', 'NOTE', 'EMBARGO'] as const)
      expect(answerTo(aCommand({ kind }), undefined, now)).toMatchObject({
        kind: 'REFUSED',
        state: 'UNKNOWN',
      })
    expect(answerTo(aCommand({ kind: 'NOTE' }), known('DETECTED'), now).refusal).toBe('expected a note')
    expect(answerTo(aCommand({ kind: 'UNKNOWN' }), known('DETECTED'), now).refusal).toMatch(/OPEN, ADVANCE/)
  })

  it('sets and lifts an embargo, and leaves it alone otherwise', () => {
    const held = { ...known('REPORTED'), embargoUntil: now + 5 }
    expect(answerTo(aCommand({ kind: 'EMBARGO', embargoUntil: null }), held, now).embargoUntil).toBeNull()
    expect(answerTo(aCommand({ kind: 'NOTE', note: 'x' }), held, now).embargoUntil).toBe(now + 5)
  })
})
