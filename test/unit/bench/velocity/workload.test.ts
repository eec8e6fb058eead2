import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { longestMs } from '../../../../bench/velocity/contestant.ts'
import { inLists, nextOf, pastOf, startAt } from '../../../../bench/velocity/workload.ts'

describe("the bench's payments", () => {
  const shape = { payers: 3, records: 4 }
  const past = [...pastOf(shape)]

  test('give each payer as many as asked for, all of them inside the longest window', () => {
    const accounts = past.map(({ payment }) => payment.accountId)
    expect(accounts.filter((account) => account === 'account-1')).toHaveLength(4)
    expect(past).toHaveLength(12)
    expect(past.at(-1)?.effectiveAt).toBe(startAt)
    expect(past[0]?.effectiveAt).toBeGreaterThan(startAt - longestMs)
  })

  test('go on after the past, payer by payer', () => {
    expect([0, 1, 2, 3].map((next) => nextOf(shape, next).payment.accountId)).toEqual([
      'account-0',
      'account-1',
      'account-2',
      'account-0',
    ])
  })

  test('are in time order and no two the same', () => {
    const shapes = fc.record({
      payers: fc.integer({ min: 1, max: 30 }),
      records: fc.integer({ min: 1, max: 30 }),
    })
    fc.assert(
      fc.property(shapes, (any) => {
        const all = [...pastOf(any), ...[0, 1, 2].map((next) => nextOf(any, next))]
        const times = all.map(({ effectiveAt }) => effectiveAt)
        expect(times).toEqual(times.toSorted((a, b) => a - b))
        expect(new Set(all.map(({ payment }) => payment.paymentId)).size).toBe(all.length)
      }),
    )
  })
})

test('lists hold all items in their order', () => {
  expect([...inLists([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]])
  expect([...inLists([1, 2], 2)]).toEqual([[1, 2]])
  expect([...inLists([], 2)]).toEqual([])
})
