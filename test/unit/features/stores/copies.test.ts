import { expect, test } from 'vitest'
import { createCopies } from '../../../../src/features/copies.ts'
import type { EntityKey } from '../../../../src/features/entityKey.ts'
import { fold } from '../../../../src/features/fold.ts'
import { appendTo, createHistory } from '../../../../src/features/history.ts'
import { logBytes } from '../../../support/histories.ts'
import { aPast, happened, onlyAccount, paid } from '../../../support/pasts.ts'

test('a copy weighs what is noted beside payments, and as much less when it is dropped', () => {
  let bytes = 0
  const copies = createCopies({ now: () => 0, grew: (more) => (bytes += more), maxAgeMs: 1 })
  const entity: EntityKey = { key: 'k', shard: 0, hash: 1, copy: null, batch: 0, place: 0 }
  const history = createHistory(logBytes([happened('LOGIN_FAILED', 'a', 0)]))
  copies.keep(entity, history)
  const before = bytes
  appendTo(history, logBytes(['b', 'c'].map((id) => happened('LOGIN_FAILED', id, 0))))
  if (entity.copy !== null) copies.weigh(entity.copy)
  expect(bytes - before).toBeGreaterThan(2 * 200)
  copies.drop(entity)
  expect(bytes).toBe(0)
})

test('a copy of a folded log weighs its buckets and the partners that were met', () => {
  const options = { keep: 5, share: 0.5, retentionMs: 1e9, lastSeenPerSlot: 1_000, notesPerKind: 1 }
  const weightWith = (devices: number): number => {
    const log = logBytes(
      Array.from({ length: 200 }, (_, n) => {
        const entities = { ...onlyAccount, device: `d${n % devices}` }
        return paid(aPast(`p${n}`, 1_000 - n, { entities }), 'ALLOW')
      }),
    )
    let bytes = 0
    const copies = createCopies({ now: () => 0, grew: (more) => (bytes += more), maxAgeMs: 1 })
    const entity: EntityKey = { key: 'k', shard: 0, hash: 1, copy: null, batch: 0, place: 0 }
    copies.keep(entity, createHistory(fold(log, options) ?? log))
    expect(entity.copy?.history.payments).toBe(options.keep)
    return bytes
  }
  const few = weightWith(1)
  expect(few).toBeGreaterThan(5 * 200)
  expect(weightWith(101) - few).toBeGreaterThanOrEqual(90 * 40)
})
