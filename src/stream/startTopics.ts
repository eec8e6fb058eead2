import type { TopicNames } from './topicSpec.ts'

/** Those without which no payment can be read and answered. */
const needed = ['payments', 'decisions', 'audit', 'notices', 'deadLetters'] as const

/**
 * What speaks against reading payments, in words; empty: nothing. More partitions of `decisions` than of `payments` do
 * no harm, and are how more are added.
 * @param partitions of the topics that exist
 */
export const startProblems = (
  topics: Pick<TopicNames, (typeof needed)[number]>,
  partitions: ReadonlyMap<string, number>,
): readonly string[] => {
  const missing = needed.map((name) => topics[name]).filter((name) => !partitions.has(name))
  const [asked, answers] = [partitions.get(topics.payments), partitions.get(topics.decisions)]
  const tooFew = asked !== undefined && answers !== undefined && answers < asked
  return [
    ...missing.map(
      (name) =>
        `${name} does not exist (\`sluice topics create\` creates it), or this user is not authorized to see it`,
    ),
    ...(tooFew
      ? [
          `${topics.decisions} has ${answers} partitions, expected at least ${asked} as ${topics.payments} has: a decision goes to the partition of its payment; add partitions to ${topics.decisions}`,
        ]
      : []),
  ]
}
