import { expect, test } from 'vitest'
import { verdictOf, type AnswerRecord, type SentRecord } from '../../checker/verdict.ts'

const place = { partition: 0, at: 0, paymentId: 'one', attempt: 1 }
const sent = (offset: number, content: string): SentRecord => ({
  ...place,
  offset,
  accountId: 'account',
  respondBy: null,
  content,
})
const answer = (offset: number, over: Partial<AnswerRecord>): AnswerRecord => ({
  ...place,
  offset,
  sourceOffset: 0,
  late: false,
  decidedAt: 0,
  contentHash: 'aa',
  bytes: 'aa',
  ...over,
})
const missing = (answers: readonly AnswerRecord[]): readonly string[] =>
  verdictOf([sent(0, 'x'), sent(1, 'y')], answers, 1_000).missing

test('an id used for two contents: the answer to one of them, given twice, answers the other one not', () => {
  const other = { contentHash: 'bb', bytes: 'bb' }
  expect(missing([answer(0, {}), answer(1, { ...other, sourceOffset: 1 })])).toEqual([])
  expect(missing([answer(0, {}), answer(1, {})])).toEqual(['one/1'])
})

test('an answer in the partition of another payment is none', () => {
  expect(missing([answer(0, {}), answer(0, { partition: 1, sourceOffset: 1 })])).toEqual(['one/1'])
})

const deadlineMs = 1_000
const dueAt = deadlineMs

test('the old answer to an id that is used for another content answers that one not', () => {
  const [own, borrowed] = [answer(0, {}), answer(1, { sourceOffset: 1 })]
  expect(verdictOf([sent(0, 'x'), sent(1, 'x')], [own, borrowed], deadlineMs).contradictory).toEqual([])
  expect(verdictOf([sent(0, 'x'), sent(1, 'y')], [own, borrowed], deadlineMs).contradictory).toEqual([
    'one/1',
  ])
})

test('an answer to what is no payment says nothing of its content', () => {
  const invalid = { contentHash: '', bytes: 'cc' }
  const answers = [answer(0, invalid), answer(1, { ...invalid, sourceOffset: 1 })]
  expect(verdictOf([sent(0, 'x'), sent(1, 'y')], answers, deadlineMs).contradictory).toEqual([])
})

test('the second use of an id is in time, or flagged, like the first', () => {
  const second = { sourceOffset: 1, contentHash: 'bb', bytes: 'bb', decidedAt: dueAt + 1_000 }
  const found = (over: Partial<AnswerRecord>) =>
    verdictOf([sent(0, 'x'), sent(1, 'y')], [answer(0, {}), answer(1, { ...second, ...over })], deadlineMs)
  expect(found({})).toMatchObject({ unflagged: ['one/1'], heldUp: 0 })
  expect(found({ late: true })).toMatchObject({ unflagged: [], misflagged: [], heldUp: 0 })
  expect(found({ decidedAt: dueAt, at: dueAt + 1 })).toMatchObject({ unflagged: [], heldUp: 1 })
})

test('an answer that was in time and flagged as late is found, and not where it is given again', () => {
  const [first, second] = [sent(0, 'x'), { ...sent(1, 'x'), at: 5_000 }]
  const found = (decidedAt: number) =>
    verdictOf(
      [first, second],
      [answer(0, { late: true, decidedAt }), answer(1, { late: true, decidedAt, sourceOffset: 1 })],
      deadlineMs,
    ).misflagged
  expect(found(dueAt - 100)).toEqual(['one/1'])
  expect(found(dueAt + 100)).toEqual([])
})
