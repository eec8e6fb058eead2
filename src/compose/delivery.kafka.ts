import type { Kafka } from 'kafkajs'
import type { Config } from '../config.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { createAskCommitted } from '../stream/committed.kafka.ts'
import { createDecisionTail } from '../stream/decisionTail.kafka.ts'
import { createAtLeastOnce, type Delivery } from '../stream/delivery.ts'
import type { EarlierAnswers } from '../stream/earlierAnswers.ts'
import { createExactlyOnce } from '../stream/exactlyOnce.kafka.ts'
import { createPartitionFetch } from '../stream/partitionFetch.kafka.ts'
import { createPublisher, type PublisherDeps } from '../stream/publisher.kafka.ts'
import { createStandstill } from '../stream/standstill.ts'
import type { TopicNames } from '../stream/topicSpec.ts'
import { createTransactionSlots } from '../stream/transactionSlots.kafka.ts'

export type OpenDeliveryDeps = {
  readonly config: Pick<Config, 'groupId' | 'delivery' | 'sessionTimeoutMs'>
  readonly kafka: Kafka
  readonly topics: TopicNames
  readonly publisher: PublisherDeps
  readonly isDecision: (bytes: Buffer) => boolean
  readonly beforeCommit: () => Promise<void>
  readonly metrics: Pick<Metrics, 'countLostPartition'>
  readonly log: Log
}

export type OpenDelivery = {
  readonly earlier: EarlierAnswers
  readonly delivery: Delivery
  readonly close: () => Promise<void>
}

/** How answers leave, and what is known of those that left before. It has connections of its own. */
export const openDelivery = async (deps: OpenDeliveryDeps): Promise<OpenDelivery> => {
  const { config, kafka, topics, publisher, log } = deps
  const { groupId } = config
  const admin = kafka.admin()
  const fetch = createPartitionFetch(kafka)
  await Promise.all([admin.connect(), fetch.connect()])
  const committed = createAskCommitted(admin, groupId, topics.payments)
  const slots =
    config.delivery === 'exactly-once'
      ? createTransactionSlots({
          kafka,
          idPrefix: `${groupId}-${topics.payments}`,
          decisions: topics.decisions,
        })
      : null
  const earlier = createDecisionTail({
    committed,
    fetch,
    decisions: topics.decisions,
    markOf: (partition) => slots?.markOf(partition) ?? null,
    isDecision: deps.isDecision,
    onUnreadable: (where) => log.warn({ where }, 'an earlier answer in decisions cannot be read'),
  })
  const standstill = createStandstill({
    monotonic: () => performance.now(),
    limitMs: config.sessionTimeoutMs / 2,
  })
  const observing = setInterval(standstill.observe, config.sessionTimeoutMs / 20)
  const delivery =
    slots === null
      ? createAtLeastOnce(createPublisher(publisher), standstill.count)
      : createExactlyOnce({
          slots,
          publisher,
          groupId,
          payments: topics.payments,
          committed: async (partition) => (await committed(partition)).offset,
          beforeCommit: deps.beforeCommit,
          passed: earlier.passed,
          onLost: (partition, error) => {
            deps.metrics.countLostPartition()
            log.warn({ partition, error }, 'a partition is given up and joined for again')
          },
        })
  return {
    earlier,
    delivery,
    close: async () => {
      clearInterval(observing)
      await delivery.close()
      await Promise.all([admin.disconnect(), fetch.close()])
    },
  }
}
