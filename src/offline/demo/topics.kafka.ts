import type { Kafka } from 'kafkajs'
import { createTopics } from '../../stream/topics.kafka.ts'
import { topicSpecs } from '../../stream/topicSpec.ts'

export type DemoTopicsOptions = {
  readonly prefix: string
  readonly partitions: number
  readonly historyRetentionDays: number
}

const withAdmin = async <Result>(
  kafka: Kafka,
  use: (admin: ReturnType<Kafka['admin']>) => Promise<Result>,
): Promise<Result> => {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.disconnect()
  }
}

export const createDemoTopics = (kafka: Kafka, options: DemoTopicsOptions): Promise<void> =>
  withAdmin(kafka, async (admin) => {
    await createTopics(admin, topicSpecs(options))
  })

/** Leaves nothing behind on brokers that are not ours: the topics with our prefix and the groups of that name. */
export const removeDemoTopics = (kafka: Kafka, options: DemoTopicsOptions, groupId: string): Promise<void> =>
  withAdmin(kafka, async (admin) => {
    await admin.deleteTopics({ topics: topicSpecs(options).map(({ name }) => name) })
    const { groups } = await admin.listGroups()
    const ours = groups.map((group) => group.groupId).filter((name) => name.startsWith(groupId))
    if (ours.length > 0) await admin.deleteGroups(ours)
  })
