import { setTimeout as delay } from 'node:timers/promises'
import type { Admin, Kafka } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { startProblems } from '../stream/startTopics.ts'
import type { TopicNames } from '../stream/topicSpec.ts'

/** A broker that has only just begun may not know yet what was created at another one: some three seconds. */
const tries = 7
const pauseMs = 500

const partitionsOf = async (admin: Admin, names: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  // Asking for one that does not exist could make the broker create it.
  const present = new Set(await admin.listTopics())
  const asked = names.filter((name) => present.has(name))
  if (asked.length === 0) return new Map()
  const { topics } = await admin.fetchTopicMetadata({ topics: asked })
  return new Map(topics.map(({ name, partitions }) => [name, partitions.length]))
}

/** Refuses to start on topics on which payments would never be answered. @throws SluiceError TOPIC_MISMATCH */
export const requireTopics = async (kafka: Kafka, topics: TopicNames): Promise<void> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    for (let left = tries; ; left--) {
      const problems = startProblems(topics, await partitionsOf(admin, Object.values(topics)))
      if (problems.length === 0) return
      if (left === 1) throw new SluiceError('TOPIC_MISMATCH', problems.join('\n'))
      await delay(pauseMs)
    }
  } finally {
    await admin.disconnect()
  }
}
