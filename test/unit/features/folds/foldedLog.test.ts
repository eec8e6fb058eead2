import { describe, expect, test } from 'vitest'
import { neverTold } from '../../../../src/features/columns.ts'
import { fold } from '../../../../src/features/fold.ts'
import { createHistory, firstPosition } from '../../../../src/features/history.ts'
import { contentBits } from '../../../../src/features/record.ts'
import { allowedFromOf } from '../../../support/columns.ts'
import { began, day, featuresOf, label, options, whole, type Paid } from '../../../support/foldedLogs.ts'
import { aReceived } from '../../../support/payments.ts'

describe('a folded log', () => {
  const many = Array.from({ length: 400 }, (_, i): Paid => ({
    at: began + i * 3_600_000,
    amount: 100 + (i % 7),
    device: 1 + (i % 3),
    outcome: 'ALLOW',
  }))

  test('is much shorter, and its length differs from that of one that was never folded', () => {
    const folded = fold(whole(many), options)
    expect(folded?.byteLength).toBeLessThan(whole(many).byteLength / 4)
    expect((folded?.byteLength ?? 0) % 8).toBe(1)
  })

  test('keeps the newest payments with what became of them', () => {
    const folded = createHistory(fold(whole(many), options) ?? undefined)
    expect([folded.payments, folded.folded?.generation]).toEqual([options.keep, 1])
    const content = contentBits(aReceived().contentHash)
    const isKept = (id: number): boolean =>
      firstPosition(folded, { idLow: id, idHigh: 7, attempt: 1, content }) >= 0
    expect([389, 390, 399].map(isKept)).toEqual([false, true, true])
    expect(allowedFromOf(folded)).not.toContain(neverTold)
  })

  test('remembers frauds among what it folds', () => {
    const labels = [3, 50, 90].map((id) => label(id, many[id]?.at ?? 0, began + 30 * day))
    const log = fold(Buffer.concat([whole(many), ...labels]), { ...options, notesPerKind: 1 })
    expect(featuresOf(log ?? new Uint8Array(0), began + 40 * day, 1).get('account.fraud_count.300d')).toBe(3)
  })
})
