import fc from 'fast-check'
import { describe, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import { createMemoryHistories } from '../../../../src/features/histories.memory.ts'
import { createStoredHistories } from '../../../../src/features/histories.redis.ts'
import { createByteLogs } from '../../../support/byteLogs.ts'
import { anyStory } from '../../../support/stories/anyStory.ts'
import { storyFolds, tell, type FoldingStore } from '../../../support/stories/tell.ts'
import { hasher, keys } from '../../../support/redisStores.ts'
import { createKeys } from '../../../../src/features/keys.ts'

const inBytes = (): FoldingStore => {
  const logs = createByteLogs(0)
  const open = () => createStoredHistories({ logs, keys: createKeys(hasher), toBase: (amount) => amount })
  return {
    open,
    fold: (slot, token) => {
      const { key } = keys.entity(slot, token)
      const bytes = logs.logs.get(key)
      if (bytes !== undefined) logs.logs.set(key, fold(bytes, storyFolds) ?? bytes)
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}

const inMemory = (): FoldingStore => {
  const histories = createMemoryHistories({
    keys: createKeys(hasher),
    coveredSince: 0,
    toBase: (amount) => amount,
    deviceState: () => null,
  })
  return { open: () => histories, fold: () => Promise.resolve(), close: () => histories.close() }
}

describe('any story of two instances', () => {
  test.each([
    ['and folds', inBytes, 120],
    ['in memory', inMemory, 40],
  ] as const)(
    '%s keeps what is promised',
    (_, create, numRuns) =>
      fc.assert(
        fc.asyncProperty(anyStory, (story) => tell(create(), story)),
        { numRuns, endOnFailure: true },
      ),
    120_000,
  )
})
