import { describe, expect, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import { isUnreadable, liveLog } from '../../../../src/offline/rebuild/liveLogs.ts'
import { options, payment, began, whole } from '../../../support/foldedLogs.ts'

const paid = (id: number): Uint8Array =>
  payment(id, { at: began + id, amount: 1, device: 1, outcome: 'ALLOW' })
const damaged = (log: Uint8Array): Uint8Array => {
  const copy = Uint8Array.from(log)
  copy[0] = (1 << 4) | 9
  return copy
}
const key = 'v1:{s7}:a:0123'

describe('a live log', () => {
  test('that can be read is kept as it is', () => {
    expect(liveLog(key, paid(1), null)).toEqual({ bytes: paid(1), generation: 0, isReplaced: false })
  })
  test('that cannot be read ends the run with its key and what may be done', () => {
    expect(() => liveLog(key, damaged(paid(1)), null)).toThrow(
      expect.objectContaining({
        code: 'HISTORY_FORMAT_UNKNOWN',
        message: expect.stringMatching(/v1:\{s7\}:a:0123.*--replace-unreadable/) as string,
      }),
    )
  })
  test('that is given up keeps what was appended since it was seen', () => {
    const seen = damaged(paid(1))
    const log = Buffer.concat([seen, paid(2)])
    const kept = liveLog(key, log, new Map([[key, seen.byteLength]]))
    expect(kept).toEqual({ bytes: Buffer.from(paid(2)), generation: 0, isReplaced: true })
  })
  test('that became unreadable meanwhile, or another one, is for the next run', () => {
    const log = damaged(paid(1))
    for (const lengths of [new Map<string, number>(), new Map([[key, log.byteLength + 8]])])
      expect(() => liveLog(key, log, lengths)).toThrow(expect.objectContaining({ code: 'STOPPED' }))
    const twice = Buffer.concat([log, damaged(paid(2))])
    expect(() => liveLog(key, twice, new Map([[key, log.byteLength]]))).toThrow(
      expect.objectContaining({ code: 'STOPPED' }),
    )
  })
  test('that was folded by a newer Sluice says how often, so that no copy of it is taken for the new one', () => {
    const folded = Buffer.from(
      fold(
        whole(
          Array.from({ length: 60 }, (_, n) => ({
            at: began + n,
            amount: 1,
            device: 1,
            outcome: 'ALLOW' as const,
          })),
        ),
        options,
      ) ?? [],
    )
    folded[0] = (15 << 4) | 9
    expect(isUnreadable(folded)).toBe(true)
    expect(liveLog(key, folded, new Map([[key, folded.byteLength]])).generation).toBe(1)
  })
})
