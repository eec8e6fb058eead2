import { describe, expect, test } from 'vitest'
import { createFoldQueue } from '../../../src/features/foldQueue.ts'
import { createHasher } from '../../../src/features/hashing.ts'
import { createKeys } from '../../../src/features/keys.ts'

const keys = createKeys(createHasher(Buffer.alloc(16, 3)))
const entity = (n: number) => keys.entity(0, `account-${n}`)
const queueOf = (limit = 100) => createFoldQueue({ limit, urgentRecords: 1_000 })

describe('the queue of logs to be folded', () => {
  test('serves in the order in which they came, each once', () => {
    const queue = queueOf()
    for (const n of [1, 2, 1, 3]) queue.offer(entity(n), 600)
    expect(queue.size).toBe(3)
    expect([1, 2, 3, 4].map(() => queue.take())).toEqual([entity(1), entity(2), entity(3), undefined])
  })

  test('lets one that has become many times too long go first', () => {
    const queue = queueOf()
    for (const n of [1, 2, 3]) queue.offer(entity(n), 600)
    expect(queue.isUrgent).toBe(false)
    queue.offer(entity(3), 1_000)
    expect(queue.isUrgent).toBe(true)
    expect([1, 2, 3, 4].map(() => queue.take())).toEqual([entity(3), entity(1), entity(2), undefined])
  })

  test('has room for that one when thousands wait', () => {
    const queue = queueOf(2)
    for (const n of [1, 2, 3]) queue.offer(entity(n), 600)
    queue.offer(entity(4), 1_000)
    expect([1, 2, 3, 4].map(() => queue.take())).toEqual([entity(4), entity(1), entity(2), undefined])
  })

  test('takes one that gained nothing again when 64 records have come, and one that was folded as is said then', () => {
    const queue = queueOf()
    queue.offer(entity(1), 600)
    queue.take()
    queue.offer(entity(1), 663)
    expect(queue.size).toBe(0)
    queue.offer(entity(1), 664)
    expect(queue.take()).toBe(entity(1))
    queue.folded(entity(1), 0)
    queue.offer(entity(1), 513)
    expect(queue.take()).toBe(entity(1))
    queue.folded(entity(1), 1_632)
    queue.offer(entity(1), 1_631)
    expect(queue.size).toBe(0)
    queue.offer(entity(1), 1_632)
    expect(queue.take()).toBe(entity(1))
  })
})
