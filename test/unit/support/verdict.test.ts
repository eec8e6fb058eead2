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
  outcome: 'ALLOW',
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
