import { expect, it } from 'vitest'
import { fuzz } from '../../../bench/fuzz/fuzz.kafka.ts'
import { sharedServers } from '../../support/shared.ts'

// The pace of good payments is a timing, which is no test: `npm run fuzz` judges it.
it('two thousand nearly valid messages to every topic: no crash, no silence, no two answers', async () => {
  const result = await fuzz(
    sharedServers(),
    { messages: 2_000, seed: 20_261, goodPerSecond: 50, json: false },
    () => undefined,
  )
  expect(result.problems.filter((problem) => !problem.startsWith('good payments at'))).toEqual([])
  expect(result.answered).toBeGreaterThan(1_000)
  expect(result.deadLetters).toBeGreaterThan(100)
}, 600_000)
