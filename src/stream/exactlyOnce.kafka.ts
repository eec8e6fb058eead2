import type { Transaction } from 'kafkajs'
import type { Delivery } from './delivery.ts'
import { createPublisher, type PublisherDeps } from './publisher.kafka.ts'
import { sendingOnce } from './sendingOnce.kafka.ts'
import { sharesOf, type Share } from './shares.ts'
import { untilCompleted } from './untilCompleted.kafka.ts'
import type { TransactionSlots } from './transactionSlots.kafka.ts'

export type ExactlyOnceDeps = {
  readonly slots: TransactionSlots
  readonly publisher: Omit<PublisherDeps, 'producer' | 'timeoutMs'>
  readonly groupId: string
  readonly payments: string
  /** The committed offset of a partition of `payments`; null: there is none. */
  readonly committed: (partition: number) => Promise<number | null>
  /** What must be done with the answered payments before they count as done. */
  readonly beforeCommit: () => Promise<void>
  /** As `EarlierAnswers.passed`. */
  readonly passed: (partition: number, offset: number, reached: string | undefined) => string | null
  readonly onLost: (partition: number, error: unknown) => void
}

/** Answers, what goes with them, and the offset of what they answer are one transaction for each partition. */
export const createExactlyOnce = (deps: ExactlyOnceDeps): Delivery => {
  const { slots } = deps

  const answer =
    ({ partition, last, outbound }: Share) =>
    async (transaction: Transaction): Promise<string> => {
      const publish = createPublisher({ ...deps.publisher, producer: sendingOnce(transaction) })
      const reached = (await publish(outbound)).get(partition)
      await deps.beforeCommit()
      const position = deps.passed(partition, last + 1, reached)
      const metadata = position === null ? '' : JSON.stringify({ decisions: position })
      const partitions = [{ partition, offset: String(last + 1), metadata }]
      await untilCompleted(() =>
        transaction.sendOffsets({
          consumerGroupId: deps.groupId,
          topics: [{ topic: deps.payments, partitions }],
        }),
      )
      return position ?? ''
    }

  return {
    publish: async (outbound) => {
      const positions = new Map<number, string>()
      await Promise.all(
        sharesOf(outbound).map(async (share) => {
          try {
            positions.set(share.partition, await slots.run(share, answer(share)))
          } catch (error) {
            deps.onLost(share.partition, error)
          }
        }),
      )
      return positions
    },
    takeOver: async (partition) =>
      slots.isTaken(partition) ? null : slots.take(partition, () => deps.committed(partition)),
    lost: slots.lost,
    forget: slots.forget,
    commitsOffsets: true,
    close: slots.close,
  }
}
