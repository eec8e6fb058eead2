import kafkajs, { type Admin } from 'kafkajs'
import { untilKnown } from './topicsKnown.kafka.ts'
import { topicMismatches, type FoundTopic, type TopicSpec } from './topicSpec.ts'

// Node finds only some of the names that this CommonJS package exports.
const { ConfigResourceTypes } = kafkajs

export type TopicAdmin = Pick<Admin, 'listTopics' | 'createTopics' | 'fetchTopicMetadata' | 'describeConfigs'>

export type CreatedTopics = { readonly created: readonly string[]; readonly existing: readonly string[] }

/**
 * Creates the topics that are missing and leaves the others as they are.
 * @param replicationFactor -1 takes the broker's default
 */
export const createTopics = async (
  admin: TopicAdmin,
  specs: readonly TopicSpec[],
  replicationFactor = -1,
): Promise<CreatedTopics> => {
  const present = new Set(await admin.listTopics())
  const missing = specs.filter(({ name }) => !present.has(name))
  if (missing.length > 0) {
    await admin.createTopics({
      waitForLeaders: false,
      topics: missing.map(({ name, partitions, config }) => ({
        topic: name,
        numPartitions: partitions,
        replicationFactor,
        configEntries: Object.entries(config).map(([key, value]) => ({ name: key, value })),
      })),
    })
    await untilKnown(
      admin,
      missing.map(({ name }) => name),
    )
  }
  return {
    created: missing.map(({ name }) => name),
    existing: specs.map(({ name }) => name).filter((name) => present.has(name)),
  }
}

/** Reads those of the topics that exist: asking for another one could make the broker create it. */
export const findTopics = async (
  admin: TopicAdmin,
  specs: readonly TopicSpec[],
): Promise<readonly FoundTopic[]> => {
  const present = new Set(await admin.listTopics())
  const names = specs.map(({ name }) => name).filter((name) => present.has(name))
  if (names.length === 0) return []
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: names }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
    }),
  ])
  const configOf = new Map(
    configs.resources.map(({ resourceName, configEntries }) => [
      resourceName,
      Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  )
  return metadata.topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.length,
    config: configOf.get(name) ?? {},
  }))
}

/** What differs between the topics as they should be and as the broker has them, in words. */
export const checkTopics = async (
  admin: TopicAdmin,
  specs: readonly TopicSpec[],
): Promise<readonly string[]> => topicMismatches(specs, await findTopics(admin, specs))
