import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { appendTo, beginsWith, createHistory, firstPosition } from '../../../src/features/history.ts'
import { columnBytes, neverTold } from '../../../src/features/columns.ts'
import {
  encodeOutcomeRecord,
  encodePaymentRecord,
  recordKinds,
  type OutcomeEntry,
} from '../../../src/features/record.ts'
import { allowedFromOf, blockedFromOf, newestOf, positionsOf } from '../../support/columns.ts'
import { aReceived } from '../../support/payments.ts'

const payment = (id: number, effectiveAt = 0, content = '0001'): Uint8Array => {
  const bytes = new Uint8Array(72)
  const received = { ...aReceived(), effectiveAt, contentHash: content.padEnd(16, '0') }
  const hashes = { idLow: id, idHigh: 1, entities: [1, 2, 3, 4, 5, 6] }
  encodePaymentRecord(new DataView(bytes.buffer), 0, received, hashes, 100)
  return bytes
}
const outcome = (id: number, code: OutcomeEntry['outcome'], content: number | null = 1): Uint8Array => {
  const bytes = new Uint8Array(32)
  const entry = {
    idLow: id,
    idHigh: 1,
    attempt: 1,
    content,
    outcome: code,
    effectiveAt: 0,
    partition: 0,
    offset: 0,
  }
  encodeOutcomeRecord(new DataView(bytes.buffer), 0, entry)
  return bytes
}
const other = (kind: number, version: number, words: number): Uint8Array =>
  Uint8Array.from({ length: words * 8 || 8 }, (_, at) =>
    at === 0 ? (kind << 4) | version : at === 1 ? words : 0x77,
  )
const identity = (id: number, content = 1) => ({ idLow: id, idHigh: 1, attempt: 1, content })

describe('a history', () => {
  test('is empty without bytes', () => {
    const history = createHistory()
    expect([history.byteLength, history.payments, firstPosition(history, identity(1))]).toEqual([0, 0, -1])
  })

  test('knows where each payment first stands', () => {
    const history = createHistory(Buffer.concat([payment(1), outcome(1, 'ALLOW'), payment(2), payment(1)]))
    expect(positionsOf(history)).toEqual([0, 104])
    expect(history.byteLength).toBe(3 * 72 + 32)
    expect([1, 2, 3].map((id) => firstPosition(history, identity(id)))).toEqual([0, 104, -1])
    expect(firstPosition(history, identity(1, 2))).toBe(-1)
  })

  test('keeps the highest time so far', () => {
    const history = createHistory(Buffer.concat([payment(1, 5), payment(2, 9), payment(3, 7)]))
    expect(newestOf(history)).toEqual([5, 9, 9])
  })

  test('knows since when a payment is allowed or blocked', () => {
    const history = createHistory(
      Buffer.concat([
        payment(1),
        payment(2),
        outcome(2, 'BLOCK'),
        outcome(1, 'STEP_UP'),
        outcome(1, 'STEP_UP_PASSED'),
      ]),
    )
    appendTo(history, outcome(1, 'ALLOW'))
    expect(allowedFromOf(history)).toEqual([208, neverTold])
    expect(blockedFromOf(history)).toEqual([neverTold, 144])
  })

  test('gives an outcome without content to the first such payment', () => {
    const log = Buffer.concat([payment(1, 0, '0002'), payment(1, 0, '0001'), outcome(1, 'ALLOW', null)])
    expect(allowedFromOf(createHistory(log))).toEqual([144, neverTold])
  })

  test('keeps an outcome that comes before its payment', () => {
    const history = createHistory(Buffer.concat([outcome(1, 'ALLOW'), payment(2), payment(1)]))
    expect(allowedFromOf(history)).toEqual([neverTold, 0])
  })

  test('keeps its beginning, however it was cut', () => {
    const log = Buffer.concat([other(9, 1, 1), other(9, 2, 1), payment(1)])
    const history = createHistory(log.subarray(0, 8))
    appendTo(history, log.subarray(8))
    expect(beginsWith(history, log.subarray(0, 16))).toBe(true)
    expect(beginsWith(createHistory(log), log.subarray(8, 24))).toBe(false)
  })

  test('skips kinds that it does not read', () => {
    const log = [other(8, 3, 2), payment(1), other(9, 1, 255), other(10, 1, 1), payment(2)]
    expect(positionsOf(createHistory(Buffer.concat(log)))).toEqual([16, 16 + 72 + 2040 + 8])
  })

  test.each([
    ['a header of an unknown version', other(recordKinds.header, 7, 2)],
    ['a payment of an unknown version', other(recordKinds.payment, 2, 9)],
    ['an outcome of an unknown version', other(recordKinds.outcome, 2, 4)],
    ['a label of an unknown version', other(recordKinds.label, 2, 5)],
    ['an account event that is too short', other(recordKinds.accountEvent, 1, 3)],
    ['a payment that is too short', other(recordKinds.payment, 1, 8)],
    ['a record without length', other(recordKinds.label, 1, 0)],
    ['a record that is cut short', payment(1).subarray(0, 64)],
  ])('refuses %s', (_, bytes) => {
    expect(() => createHistory(bytes)).toThrow(
      expect.objectContaining({ code: 'HISTORY_FORMAT_UNKNOWN', retriable: false }),
    )
  })

  test('takes little more memory than its columns', () => {
    const history = createHistory(Buffer.concat(Array.from({ length: 50 }, (_, id) => payment(id))))
    expect(history.words.byteLength / (50 * columnBytes)).toBeLessThan(1.1)
  })
})

describe('any log', () => {
  /** Few different ids in long logs: repeats, both ways of searching, and ids whose table places collide. */
  const id = fc.oneof(
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: 400 }).map((n) => n * 1024),
  )
  const record = fc.oneof(
    { weight: 5, arbitrary: fc.tuple(fc.constant('payment' as const), id, fc.constantFrom(1, 1, 2)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant('outcome' as const), id, fc.constantFrom(1, 2, null)) },
  )
  const log = fc.array(record, { maxLength: 400, size: 'max' })

  test('finds each payment where a search from the start finds it, one append at a time or all at once', () => {
    fc.assert(
      fc.property(log, (records) => {
        const bytes = records.map(([kind, of, content]) =>
          kind === 'payment' ? payment(of, of, `000${content}`) : outcome(of, 'ALLOW', content),
        )
        const grown = createHistory()
        for (const each of bytes) appendTo(grown, each)
        const whole = createHistory(Buffer.concat(bytes))
        const starts = records.map((_, n) =>
          bytes.slice(0, n).reduce((sum, each) => sum + each.byteLength, 0),
        )
        const first = (of: number, content: number | null): number =>
          records.findIndex(
            ([kind, otherId, otherContent]) =>
              kind === 'payment' && otherId === of && (content === null || otherContent === content),
          )
        const isFirst = records.map(
          ([kind, of, content], n) => kind === 'payment' && first(of, content) === n,
        )
        const expected = {
          positions: starts.filter((_, n) => isFirst[n]),
          allowed: records.flatMap(([, of, content], n) => {
            if (!isFirst[n]) return []
            const told = records.findIndex(
              ([kind, otherId, named]) =>
                kind === 'outcome' &&
                otherId === of &&
                (named === null ? first(of, null) === n : named === content),
            )
            return [told < 0 ? neverTold : (starts[told] ?? -1)]
          }),
        }
        for (const history of [grown, whole]) {
          expect({ positions: positionsOf(history), allowed: allowedFromOf(history) }).toEqual(expected)
        }
        for (const [kind, of, content] of records) {
          if (kind !== 'payment' || content === null) continue
          expect(firstPosition(whole, identity(of, content))).toBe(starts[first(of, content)])
        }
      }),
      { numRuns: 60 },
    )
  })
})
