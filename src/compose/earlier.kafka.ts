import type { Kafka } from 'kafkajs'
import type { Log } from '../ops/log.ts'
import { createDecisionTail } from '../stream/decisionTail.kafka.ts'
import type { EarlierAnswers } from '../stream/earlierAnswers.ts'
import { createPartitionFetch } from '../stream/partitionFetch.kafka.ts'

export type EarlierDeps = {
  readonly kafka: Kafka
  readonly groupId: string
  readonly topics: { readonly payments: string; readonly decisions: string }
  readonly isDecision: (bytes: Buffer) => boolean
  readonly log: Log
}

/** The earlier answers, with connections of their own: nothing else waits behind them. */
export const openEarlierAnswers = async ({
  kafka,
  log,
  ...deps
}: EarlierDeps): Promise<EarlierAnswers & { readonly close: () => Promise<void> }> => {
  const admin = kafka.admin()
  const fetch = createPartitionFetch(kafka)
  await Promise.all([admin.connect(), fetch.connect()])
  const tail = createDecisionTail({
    ...deps,
    admin,
    fetch,
    onUnreadable: (where) => log.warn({ where }, 'an earlier answer in decisions cannot be read'),
  })
  return {
    ...tail,
    close: async () => void (await Promise.all([admin.disconnect(), fetch.close()])),
  }
}
