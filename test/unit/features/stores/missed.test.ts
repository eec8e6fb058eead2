import { expect, test } from 'vitest'
import type { Appends } from '../../../../src/features/appends.ts'
import { createMissed } from '../../../../src/features/missed.ts'

const appendsTo = (shard: number, latest: number): Appends => ({
  records: Buffer.alloc(72),
  recordBytes: 72,
  view: new DataView(new ArrayBuffer(72)),
  places: new Int32Array([0, -1, -1, -1, -1, -1]),
  touched: [{ entity: { key: `k${shard}`, shard, hash: 1, copy: null, batch: 0, place: 0 }, records: [0] }],
  latest,
})

test('batches leave in the order in which they came', () => {
  const missed = createMissed(10_000)
  const batches = [1, 2, 3].map((n) => appendsTo(n, n))
  for (const batch of batches) expect(missed.add(batch)).toBe(true)
  expect(missed.waiting).toBe(3)
  expect(missed.oldest(2)).toEqual(batches.slice(0, 2))
  missed.removeOldest(2)
  expect(missed.oldest(2)).toEqual(batches.slice(2))
  missed.removeOldest(1)
  expect(missed.pending).toBe(false)
})

test('what there is no room for is remembered as lost, by shard, until that is declared', () => {
  const missed = createMissed(100)
  expect(missed.add(appendsTo(7, 20))).toBe(false)
  expect(missed.add(appendsTo(7, 10))).toBe(false)
  const declared = missed.lostUntil()
  expect(declared).toEqual(new Map([[7, 20]]))
  missed.add(appendsTo(7, 30))
  missed.forgetLost(declared)
  expect(missed.lostUntil()).toEqual(new Map([[7, 30]]))
  missed.forgetLost(missed.lostUntil())
  expect(missed.pending).toBe(false)
})

test('what is released leaves nothing behind, and whoever adopts it has it all, whatever the room', () => {
  const missed = createMissed(300)
  missed.add(appendsTo(1, 10))
  missed.add(appendsTo(2, 20))
  const released = missed.release()
  expect([missed.pending, missed.waiting]).toEqual([false, 0])
  expect(missed.add(appendsTo(3, 30))).toBe(true)

  const small = createMissed(0)
  small.add(appendsTo(2, 25))
  small.adopt(released)
  expect(small.oldest(9).map(({ latest }) => latest)).toEqual([10])
  expect(small.waiting).toBe(1)
  expect(small.lostUntil()).toEqual(new Map([[2, 25]]))
})
