import type { Redis } from 'ioredis'
import { meetingsOfDecided } from '../../src/compose/meetingsOf.ts'
import { createNotices } from '../../src/compose/notices.ts'
import { deviceNotices } from '../../src/decision/noticeCatalogue.ts'
import { noticesOfPayment } from '../../src/decision/noticesOfPayment.ts'
import type { Decision } from '../../src/domain/decision.ts'
import type { Payment } from '../../src/domain/payment.ts'
import { createAvailability } from '../../src/features/availability.redis.ts'
import { createHasher } from '../../src/features/hashing.ts'
import { createKeys } from '../../src/features/keys.ts'
import { oneNode } from '../../src/features/keyedNodes.redis.ts'
import { createRedisNoticeLimit } from '../../src/features/noticeLimit.redis.ts'
import { createRedisRecentAccounts } from '../../src/features/recentPayers.redis.ts'
import { createRecentPairs } from '../../src/features/recentPairs.ts'
import { createRecentAccountsQueue } from '../../src/features/recentPayersQueue.ts'
import { createNoticeCodec } from '../../src/stream/codec/notice.ts'
import { loadSchemas, ownSchemasFolder } from '../../src/stream/codec/schemas.file.ts'
import { aPayment, aReceived } from '../../test/support/payments.ts'
import { aDecision } from '../../test/support/simulated.ts'
import { nodeCpuMicros, readCpuMicros } from '../cpu.redis.ts'

/** Microseconds for one payment: of this process's CPU, of Redis's, and of the clock. */
export type Cost = { readonly node: number; readonly redis: number; readonly clock: number }

export type NoticesFigures = {
  /** A stopped payment with two notices of its decision, up to what Kafka would get. */
  readonly stopped: Cost
  /** An allowed payment to a new payee from a new device, as many in one flush as a commit gathers. */
  readonly allowedNew: Cost
  /** The same from an account that paid this payee from this device before. */
  readonly allowedAgain: Cost
  /** Bytes that Redis takes for a payee with one payer, and for a recipient who was told three things. */
  readonly payeeBytes: number
  readonly recipientBytes: number
}

export type NoticesOptions = { readonly rounds: number; readonly stopped: number; readonly allowed: number }

const dayMs = 86_400_000

const measure = async (redis: Redis, payments: number, work: () => Promise<void>): Promise<Cost> => {
  const [node, ofRedis, clock] = [nodeCpuMicros(), await readCpuMicros(redis), performance.now()]
  await work()
  return {
    clock: ((performance.now() - clock) * 1000) / payments,
    node: (nodeCpuMicros() - node) / payments,
    redis: ((await readCpuMicros(redis)) - ofRedis) / payments,
  }
}

/** Empties the database. */
export const measureNotices = async (redis: Redis, options: NoticesOptions): Promise<NoticesFigures> => {
  await redis.flushall()
  const now = Date.now
  const hasher = createHasher(Buffer.alloc(16, 3))
  const keys = createKeys(hasher)
  const availability = createAvailability({ redis, commandTimeoutMs: 10_000 })
  const nodes = oneNode({ redis, availability })
  const codec = createNoticeCodec(await loadSchemas(ownSchemasFolder))
  const { ready } = createNotices({
    limit: createRedisNoticeLimit({
      nodes,
      keys,
      limits: { repeatMs: dayMs, aDay: 10, criticalADay: 20 },
      now,
    }),
    hash: (text) => hasher.hashContent(Buffer.from(text)),
    encode: codec.encode,
    publish: () => Promise.resolve(),
    now,
    maxAgeMs: 7 * dayMs,
    observe: () => undefined,
  })
  const recent = createRedisRecentAccounts({
    nodes,
    keys,
    limits: { keptMs: 30 * dayMs, keptBytes: 32_768 },
    now,
  })
  const queue = createRecentAccountsQueue({
    add: recent.add,
    pairs: createRecentPairs(hasher.hashToken, dayMs),
    onWaiting: () => undefined,
    onLost: (count) => {
      throw new Error(`${count} were lost`)
    },
  })

  let next = 0
  const ofNext = (): Payment => {
    const n = next++
    return aPayment({
      paymentId: `pay-${n}`,
      accountId: `acc-${n}`,
      payeeId: `payee-${n}`,
      deviceId: `dev-${n}`,
    })
  }
  const blocked = (paymentId: string): Decision =>
    aDecision({
      paymentId,
      outcome: 'BLOCK',
      reasons: [{ code: 'REMOTE_CONTROL', contribution: null }],
      notices: [deviceNotices.REMOTE_ACCESS, deviceNotices.FIREWALL],
      decidedAt: now(),
    })

  const stop = async (): Promise<void> => {
    for (let round = 0; round < options.rounds; round++) {
      const payments = Array.from({ length: options.stopped }, ofNext)
      await ready(payments.flatMap((payment) => noticesOfPayment(payment, blocked(payment.paymentId))))
    }
  }
  const allow = async (payments: readonly Payment[]): Promise<void> => {
    for (let from = 0; from < payments.length; from += options.allowed) {
      for (const payment of payments.slice(from, from + options.allowed)) {
        const received = aReceived(payment)
        const decided = {
          received,
          decision: aDecision(),
          bytes: Buffer.alloc(0),
          repeated: false,
          published: false,
          redelivered: false,
        }
        for (const meeting of meetingsOfDecided(decided)) queue.note(meeting)
      }
      await queue.flush()
    }
  }
  const someNew = (): readonly Payment[] => Array.from({ length: options.rounds * options.allowed }, ofNext)

  try {
    await stop()
    await allow(someNew())
    const payments = someNew()
    const stopped = await measure(redis, options.rounds * options.stopped, stop)
    const allowedNew = await measure(redis, payments.length, () => allow(payments))
    const allowedAgain = await measure(redis, payments.length, () => allow(payments))
    return {
      stopped,
      allowedNew,
      allowedAgain,
      payeeBytes: Number(
        await redis.memory('USAGE', keys.recentAccounts('payee', payments.at(-1)?.payeeId ?? '')),
      ),
      recipientBytes: Number(await redis.memory('USAGE', keys.notices('acc-0'))),
    }
  } finally {
    availability.close()
  }
}
