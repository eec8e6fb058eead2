import kafkajs, { type Kafka, type PartitionerArgs, type Producer, type Transaction } from 'kafkajs'
import { SluiceError } from '../errors.ts'
import { acknowledged } from './acknowledged.kafka.ts'
import { metadataMaxAgeMs } from './client.kafka.ts'
import { createPartitioner } from './partitioner.ts'

// Node finds only some of the names that this CommonJS package exports.
const { Partitioners } = kafkajs

/** The payments that one transaction answers: all from `first` up to and with `last`. */
export type Stretch = { readonly partition: number; readonly first: number; readonly last: number }

/**
 * Two transactional producers for each input partition, used in turn: a second transaction on one producer waits until
 * the broker has completed the first. What makes it sound: whoever takes a partition over fences the first, then the
 * second, and only then asks for the committed offset; a transaction begins when the one before it has ended; after any
 * error or doubt the partition is lost, and the other producer is not used. With the second fence goes a mark into
 * `decisions`: all that earlier owners answered stands before it.
 */
export type TransactionSlots = {
  /** Fences whoever had the partition. @param next asked after that: the offset to go on from */
  readonly take: (partition: number, next: () => Promise<number | null>) => Promise<number | null>
  /** Whether the partition was taken since the last `forget`. */
  readonly isTaken: (partition: number) => boolean
  /** Where the mark of this takeover stands in `decisions`; null: the partition was not taken since the last `forget`. */
  readonly markOf: (partition: number) => number | null
  /** One transaction, begun and committed. @throws SluiceError KAFKA_UNAVAILABLE; then the partition is lost */
  readonly run: <Result>(
    stretch: Stretch,
    work: (transaction: Transaction) => Promise<Result>,
  ) => Promise<Result>
  /** Why the partition must be given up; null: nothing speaks against going on. */
  readonly lost: (partition: number) => Error | null
  /** After a rebalance every partition is to be taken anew. */
  readonly forget: () => void
  readonly close: () => Promise<void>
}

export type TransactionSlotsDeps = {
  readonly kafka: Kafka
  /** `<idPrefix>-<partition>-a` and `-b` are the transactional ids: the same for all instances of a group. */
  readonly idPrefix: string
  readonly decisions: string
}

/** After this the broker aborts what nobody ends; read_committed readers wait so long for what stands behind it. */
const transactionTimeoutMs = 10_000
/** A transaction that has not ended by now is in doubt. The time-out of Redis must be shorter (`src/config.ts`). */
export const patienceMs = 8_000
/** The broker completes a transaction within a few milliseconds. */
const retry = { initialRetryTime: 3, multiplier: 2, factor: 0.2, maxRetryTime: 200, retries: 9 }

type Slots = {
  readonly producers: readonly [Producer, Producer]
  /** Its position in `decisions`. */
  mark: number
  turn: 0 | 1
  /** No payment before this one is answered again. */
  next: number
  underWay: Promise<unknown>
  lost: Error | null
}

export const createTransactionSlots = ({
  kafka,
  idPrefix,
  decisions,
}: TransactionSlotsDeps): TransactionSlots => {
  let taken = new Map<number, Slots>()
  /** Of earlier assignments, until they are taken anew or closed. */
  const former = new Map<number, Slots>()

  const producerOf = (partition: number, slot: 'a' | 'b'): Producer =>
    kafka.producer({
      transactionalId: `${idPrefix}-${partition}-${slot}`,
      idempotent: true,
      maxInFlightRequests: 1,
      transactionTimeout: transactionTimeoutMs,
      allowAutoTopicCreation: false,
      metadataMaxAge: metadataMaxAgeMs,
      createPartitioner: createPartitioner<PartitionerArgs>(Partitioners.DefaultPartitioner),
      retry,
    })

  /** Beginning is what fences an earlier owner and ends what he left open. */
  const begin = async (producer: Producer): Promise<Transaction> => {
    await producer.connect()
    return producer.transaction()
  }

  const fence = async (producer: Producer): Promise<void> => {
    await (await begin(producer)).abort()
  }

  /**
   * An aborted record, which no read_committed reader sees. Only who leads the partition now can take it: a broker that
   * hung, and has not heard that it leads no more, would tell an end before the last answers.
   */
  const fenceAndMark = async (producer: Producer, partition: number): Promise<number> => {
    const transaction = await begin(producer)
    const [taken] = await transaction.send({ topic: decisions, messages: [{ partition, value: null }] })
    await transaction.abort()
    if (taken?.baseOffset === undefined) throw new Error(`${decisions} took a mark and did not say where`)
    return Number(taken.baseOffset)
  }

  const disconnect = async ({ producers }: Slots): Promise<void> => {
    await Promise.allSettled(producers.map((producer) => producer.disconnect()))
  }

  const retire = async (partition: number): Promise<void> => {
    const slots = former.get(partition)
    if (slots === undefined) return
    await slots.underWay
    former.delete(partition)
    await disconnect(slots)
  }

  const slotsOf = (partition: number): Slots => {
    const slots = taken.get(partition)
    if (slots === undefined)
      throw new SluiceError('KAFKA_UNAVAILABLE', `partition ${partition} is another instance's by now`, {
        retriable: true,
      })
    return slots
  }

  const end = async <Result>(
    slots: Slots,
    work: (transaction: Transaction) => Promise<Result>,
  ): Promise<Result> => {
    const producer = slots.producers[slots.turn]
    slots.turn = slots.turn === 0 ? 1 : 0
    const transaction = await producer.transaction()
    const result = await work(transaction)
    await transaction.commit()
    return result
  }

  return {
    take: async (partition, next) => {
      const into = taken
      await retire(partition)
      const producers = [producerOf(partition, 'a'), producerOf(partition, 'b')] as const
      const slots: Slots = { producers, mark: 0, turn: 0, next: 0, underWay: Promise.resolve(), lost: null }
      // Whoever takes it in the new assignment, also this instance, must not be fenced by what was begun before.
      const stillWanted = (): void => {
        if (into !== taken) throw new Error('the group was joined again meanwhile')
      }
      try {
        stillWanted()
        await fence(producers[0])
        stillWanted()
        slots.mark = await fenceAndMark(producers[1], partition)
        stillWanted()
        const from = await next()
        stillWanted()
        slots.next = from ?? 0
        into.set(partition, slots)
        return from
      } catch (cause) {
        await disconnect(slots)
        throw new SluiceError('KAFKA_UNAVAILABLE', `partition ${partition} could not be taken over`, {
          cause,
          retriable: true,
        })
      }
    },
    isTaken: (partition) => taken.has(partition),
    markOf: (partition) => taken.get(partition)?.mark ?? null,
    run: async ({ partition, first, last }, work) => {
      const slots = slotsOf(partition)
      if (slots.lost !== null) throw slots.lost
      try {
        if (first < slots.next)
          throw new RangeError(`payments from ${first} on come again, ${slots.next} is the next one`)
        slots.next = last + 1
        const ending = acknowledged(end(slots, work), `payments of partition ${partition}`, patienceMs)
        slots.underWay = ending.then(
          () => undefined,
          () => undefined,
        )
        return await ending
      } catch (error) {
        slots.lost = error instanceof Error ? error : new Error(String(error))
        throw slots.lost
      }
    },
    lost: (partition) => taken.get(partition)?.lost ?? null,
    forget: () => {
      for (const [partition, slots] of taken) former.set(partition, slots)
      taken = new Map()
    },
    close: async () => {
      const all = [...taken.values(), ...former.values()]
      await Promise.all(all.map(({ underWay }) => underWay))
      await Promise.all(all.map(disconnect))
    },
  }
}
