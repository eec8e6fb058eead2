import fc from 'fast-check'
import { describe, test } from 'vitest'
import { fold } from '../../../../src/features/fold.ts'
import { createStoredHistories } from '../../../../src/features/histories.redis.ts'
import { createByteLogs } from '../../../support/byteLogs.ts'
import { anyStory } from '../../../support/stories/anyStory.ts'
import { storyFolds, tell, type FoldingStore } from '../../../support/stories/tell.ts'
import { hasher, keys } from '../../../support/redisStores.ts'
import { createKeys } from '../../../../src/features/keys.ts'

const inBytes = (): FoldingStore => {
  const logs = createByteLogs(0)
  const open = () =>
    createStoredHistories({ logs, keys: createKeys(hasher), toBase: (amount) => amount, now: () => 9_000 })
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

describe('any story', () => {
  test(
    'of two instances and folds keeps what is promised',
    () =>
      fc.assert(
        fc.asyncProperty(anyStory, (story) => tell(inBytes(), story)),
        { numRuns: 120, endOnFailure: true },
      ),
    60_000,
  )
})
