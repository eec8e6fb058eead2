import type { Settings } from '../../config.ts'
import { SluiceError } from '../../errors.ts'
import { findTopics } from '../../stream/topics.kafka.ts'
import type { TopicSpec } from '../../stream/topicSpec.ts'
import { withAdmin } from '../admin.kafka.ts'
import { reasonOf } from './finding.ts'
import type { KafkaFacts } from './kafkaFindings.ts'

/** The topics as the brokers have them; creates none. Never rejects for Kafka. */
export const gatherKafkaFacts = async (
  settings: Settings,
  specs: readonly TopicSpec[],
): Promise<KafkaFacts> => {
  const brokers = settings.kafkaBrokers
  try {
    const topics = await withAdmin(settings, (admin) => findTopics(admin, specs))
    return { reachable: true, brokers, topics }
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    return { reachable: false, brokers, reason: reasonOf(error.cause) }
  }
}
