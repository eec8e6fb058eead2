import type { OpenContestant } from './contestant.ts'
import { openHashBuckets } from './hashBuckets.redis.ts'
import { openOurs } from './ours.redis.ts'
import { openSortedSets } from './sortedSets.redis.ts'

export const contestantNames = ['ours', 'sortedSets', 'hashBuckets'] as const
export type ContestantName = (typeof contestantNames)[number]

export const openContestant: Readonly<Record<ContestantName, OpenContestant>> = {
  ours: openOurs,
  sortedSets: openSortedSets,
  hashBuckets: openHashBuckets,
}
