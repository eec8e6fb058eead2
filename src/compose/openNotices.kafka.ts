import type { Producer } from 'kafkajs'
import type { Config } from '../config.ts'
import { noticesOfPayment } from '../decision/noticesOfPayment.ts'
import type { Decided } from '../domain/decision.ts'
import { createReadDevices } from '../features/deviceMemories.redis.ts'
import { createRedisNoticeLimit } from '../features/noticeLimit.redis.ts'
import { createRedisRecentAccounts } from '../features/recentPayers.redis.ts'
import { createRecentPairs } from '../features/recentPairs.ts'
import { createRecentAccountsQueue } from '../features/recentPayersQueue.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import { createNoticeCodec } from '../stream/codec/notice.ts'
import type { Schemas } from '../stream/codec/schemas.ts'
import type { Settled } from '../stream/flow.ts'
import { createNoticePublisher, type NoticesReady } from '../stream/noticePublisher.kafka.ts'
import { createNotices } from './notices.ts'
import { meetingsOfDecided } from './meetingsOf.ts'
import type { PatchOf } from './patches.ts'
import { createFeedbackNotices } from './noticesOfFeedback.ts'
import { createReportNotices } from './noticesOfReports.ts'
import type { Stores } from './stores.redis.ts'

export type OpenNoticesDeps = {
  readonly config: Config
  readonly stores: Pick<Stores, 'nodes' | 'keys' | 'hasher'>
  readonly producer: Pick<Producer, 'send'>
  readonly topic: string
  readonly schemas: Schemas
  readonly patchOf: PatchOf
  readonly metrics: Pick<Metrics, 'countNotice' | 'setMeetingsQueued' | 'countMeetingsDropped'>
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
}

const dayMs = 86_400_000
/** What is remembered of a pair is so much older at most than when it met last. */
const notedAgainMs = dayMs

/** Where what comes beside payments is taken over. */
type TakingOver = Pick<Stores, 'histories' | 'deviceStates'>

/** What the processor does about notices, at the three moments. */
export type OpenNotices = {
  /** Of payments that were stopped, to be sent with their decisions. Never rejects. */
  readonly ofPayments: (settled: readonly Settled[]) => Promise<NoticesReady>
  /** The stores, with people being told of what reports change and of what feedback confirms. */
  readonly telling: (stores: TakingOver) => TakingOver
  /** Remembers who paid whom, and from which device; done by the next `flush`. */
  readonly remember: (decided: readonly Decided[]) => void
  readonly flush: () => Promise<void>
  readonly close: () => Promise<void>
}

export const openNotices = (deps: OpenNoticesDeps): OpenNotices => {
  const { config, metrics, log, now } = deps
  const { nodes, keys, hasher } = deps.stores
  const codec = createNoticeCodec(deps.schemas)
  const recentAccounts = createRedisRecentAccounts({
    nodes,
    keys,
    limits: {
      keptMs: config.recentAccountsDays * dayMs + notedAgainMs,
      keptBytes: config.recentAccountsBytes,
    },
    now,
  })
  const queue = createRecentAccountsQueue({
    add: recentAccounts.add,
    pairs: createRecentPairs(hasher.hashToken, notedAgainMs),
    onWaiting: metrics.setMeetingsQueued,
    onLost: (count) => {
      metrics.countMeetingsDropped(count)
      log.error({ count }, 'it was not remembered who paid whom: they cannot be told to recall')
    },
  })
  const { ready, tellOnce } = createNotices({
    limit: createRedisNoticeLimit({
      nodes,
      keys,
      limits: {
        repeatMs: config.noticeRepeatMs,
        aDay: config.noticesADay,
        criticalADay: config.criticalNoticesADay,
      },
      now,
    }),
    hash: (text) => hasher.hashContent(Buffer.from(text)),
    encode: codec.encode,
    publish: createNoticePublisher({ producer: deps.producer, topic: deps.topic }),
    now,
    maxAgeMs: config.noticeMaxAgeMs,
    observe: ({ code, moment }, result) => metrics.countNotice(code, moment, result),
  })
  const tellOfReports = createReportNotices({
    readDevices: createReadDevices(nodes, keys),
    patchOf: deps.patchOf,
    recentAccounts,
    flush: queue.flush,
    tellOnce,
    now,
  })
  const tellOfFeedback = createFeedbackNotices({ recentAccounts, flush: queue.flush, tellOnce })
  return {
    ofPayments: (settled) =>
      ready(
        settled.flatMap(({ decided: { received, decision } }) =>
          noticesOfPayment(received.payment, decision),
        ),
      ),
    telling: ({ histories, deviceStates }) => ({
      deviceStates: {
        ...deviceStates,
        // Before the reports are taken over: afterwards nobody could tell any more what they changed.
        apply: async (reports) => {
          await tellOfReports(reports)
          await deviceStates.apply(reports)
        },
      },
      histories: {
        ...histories,
        note: async (happenings) => {
          await histories.note(happenings)
          await tellOfFeedback(happenings)
        },
      },
    }),
    remember: (decided) => {
      for (const each of decided) for (const meeting of meetingsOfDecided(each)) queue.note(meeting)
    },
    flush: queue.flush,
    close: queue.close,
  }
}
