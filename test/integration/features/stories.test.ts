import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFoldLog } from '../../../src/features/folding.redis.ts'
import { useOwnRedis } from '../../support/ownRedis.ts'
import { keys, openHistories } from '../../support/redisStores.ts'
import { anyStory } from '../../support/stories/anyStory.ts'
import { storyFolds, tell, type FoldingStore } from '../../support/stories/tell.ts'

const server = useOwnRedis(0)

/** Counts the folds that were swapped in, so that a test that folds nothing is seen. */
const inRedis = (folds: { count: number }): FoldingStore => {
  const foldLog = createFoldLog(server.redis, storyFolds)
  return {
    open: () => openHistories(server.redis),
    fold: async (slot, token) => {
      if ((await foldLog(keys.entity(slot, token).key)) !== null) folds.count++
    },
    close: () => Promise.resolve(),
  }
}

test('any story of two instances and folds keeps what is promised', async () => {
  const folds = { count: 0 }
  await fc.assert(
    fc.asyncProperty(anyStory, async (story) => {
      await server.empty()
      await tell(inRedis(folds), story)
    }),
    { numRuns: 30, endOnFailure: true },
  )
  expect(folds.count).toBeGreaterThan(30)
}, 120_000)
