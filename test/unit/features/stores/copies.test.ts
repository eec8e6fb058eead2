import { expect, test } from 'vitest'
import { createCopies } from '../../../../src/features/copies.ts'
import type { EntityKey } from '../../../../src/features/entityKey.ts'
import { appendTo, createHistory } from '../../../../src/features/history.ts'
import { logBytes } from '../../../support/histories.ts'
import { happened } from '../../../support/pasts.ts'

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
