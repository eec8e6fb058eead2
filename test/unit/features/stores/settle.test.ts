import fc from 'fast-check'
import { expect, test } from 'vitest'
import { amountsOf, positionsOf } from '../../../support/columns.ts'
import { createHistory } from '../../../../src/features/history.ts'
import { encodePaymentRecord, paymentRecordBytes } from '../../../../src/features/record.ts'
import { settle, type Own } from '../../../../src/features/settle.ts'
import { aReceived } from '../../../support/payments.ts'

const recordOf = (n: number): Buffer => {
  const bytes = Buffer.alloc(paymentRecordBytes)
  const hashes = { idLow: n, idHigh: n, entities: [1, 0, 0, 0, 0, 0] }
  encodePaymentRecord(new DataView(bytes.buffer, bytes.byteOffset), 0, aReceived({}, n), hashes, n)
  return bytes
}
const logOf = (...records: readonly number[]): Buffer => Buffer.concat(records.map(recordOf))
/** The same as a batch appends it. */
const ownOf = (...records: readonly number[]): Own => {
  const bytes = logOf(...records)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { view, recordBytes: paymentRecordBytes, records: records.map((_, i) => i) }
}
const heldOf = (settled: ReturnType<typeof settle>) =>
  typeof settled === 'string'
    ? settled
    : { byteLength: settled.byteLength, amounts: amountsOf(settled), positions: positionsOf(settled) }
const heldFrom = (bytes: Uint8Array) => heldOf(createHistory(bytes))

test('nothing held and nothing there: the log is what was appended', () => {
  expect(heldOf(settle(null, 0, ownOf(1), null))).toEqual(heldFrom(logOf(1)))
})

test('a log that begins otherwise is stale', () => {
  const answer = { prefix: logOf(9).subarray(0, 16), bytes: logOf(3) }
  expect(settle(createHistory(logOf(1)), paymentRecordBytes, ownOf(3), answer)).toBe('stale')
})

test('a log that became shorter is read whole', () => {
  const settled = settle(createHistory(logOf(1, 2)), 2 * paymentRecordBytes, ownOf(3), {
    prefix: null,
    bytes: logOf(3),
  })
  expect(heldOf(settled)).toEqual(heldFrom(logOf(3)))
})

test('a log with an unknown format is unknown', () => {
  expect(settle(null, 0, ownOf(1), { prefix: null, bytes: Buffer.from([0x1f, 1, 0, 0, 0, 0, 0, 0]) })).toBe(
    'unknown',
  )
})

test('replies may come in any order: the copy ends as the log', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }), fc.nat(), (appended, seed) => {
      const history = createHistory(logOf(100))
      const replies = appended.map((n, i) => ({
        own: ownOf(n),
        answer:
          i === 0 ? null : { prefix: logOf(100).subarray(0, 16), bytes: logOf(...appended.slice(0, i + 1)) },
      }))
      const from = seed % replies.length
      const order = [...replies.slice(from), ...replies.slice(0, from)]
      for (const { own, answer } of order) settle(history, paymentRecordBytes, own, answer)
      expect(heldOf(history)).toEqual(heldFrom(logOf(100, ...appended)))
    }),
  )
})
