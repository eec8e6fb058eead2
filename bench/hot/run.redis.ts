import type { Redis } from 'ioredis'
import { setTimeout as delay } from 'node:timers/promises'
import { foldingDefaults } from '../../src/features/folding.redis.ts'
import { compileFeatures, defaultRetentionMs } from '../../src/features/plan.ts'
import { createRedisSeed } from '../../src/features/seed.redis.ts'
import { entityTypes } from '../../src/domain/entity.ts'
import { openBenchHistories, toBase, type BenchHistories } from '../histories.redis.ts'
import { createRecorder } from '../percentiles.ts'
import type { Percentiles } from '../program.ts'
import { nodeCpuMicros, readCpuMicros } from '../cpu.redis.ts'
import { twelveFeatures } from '../twelveFeatures.ts'
import type { HotOptions, ScenarioName } from './options.ts'
import { arrivalsOf, hotCard, hotMerchant, pastOf, receivedAt, type Arrival, type Side } from './traffic.ts'

export type HotRun = {
  /** From arrival to features, of payments that are not on the hot entity. */
  readonly othersMs: Percentiles
  readonly payments: number
  readonly seconds: number
  /** Longest that the log of the hot entity was after any batch, and how long it was in the end. */
  readonly mostBytes: number
  readonly lastBytes: number
  readonly folds: number
  /** CPU for each payment, those on the hot entity included. */
  readonly nodeMicros: number
  readonly redisMicros: number
}

export type HotRunDeps = {
  readonly redis: Redis
  /** Looks at the hot log beside the payments. */
  readonly observer: Redis
  readonly options: HotOptions
}

const batchSize = 64
const copiesMaxBytes = 256 * 2 ** 20
const foldingOptions = { ...foldingDefaults, retentionMs: defaultRetentionMs }
const observeEveryMs = 25

const open = async (redis: Redis, accounts: number): Promise<BenchHistories> => {
  await redis.flushdb('SYNC')
  const opened = await openBenchHistories(redis, {
    folding: foldingOptions,
    now: Date.now,
    copyMaxAgeMs: 600_000,
    copiesMaxBytes,
    outcomesWait: true,
  })
  const seed = createRedisSeed({ redis, keys: opened.keys, toBase })
  await seed(pastOf(accounts, Date.now()).map((received) => ({ received, outcome: 'ALLOW' as const })))
  return opened
}

const hotKeyOf = ({ keys }: BenchHistories, scenario: ScenarioName): string =>
  scenario === 'card'
    ? keys.entity(entityTypes.indexOf('card'), hotCard).key
    : keys.entity(entityTypes.indexOf('merchant'), hotMerchant).key

/** Watches the length of a string until it is told to stop. */
const watch = (redis: Redis, key: string): { readonly stop: () => Promise<number> } => {
  const stopped = new AbortController()
  let most = 0
  const look = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      most = Math.max(most, await redis.strlen(key))
      await delay(observeEveryMs)
    }
  }
  const watching = look()
  return {
    stop: async () => {
      stopped.abort()
      await watching
      return most
    },
  }
}

const untilArrived = async (atMs: number, startedAt: number): Promise<void> => {
  const leftMs = (): number => atMs - (performance.now() - startedAt)
  while (leftMs() > 0) await delay(leftMs())
}

/** What has arrived by now, at most a micro-batch of it. */
const arrived = (all: readonly Arrival[], from: number, passedMs: number): readonly Arrival[] => {
  let to = from
  while (to < all.length && to - from < batchSize && (all[to]?.atMs ?? Infinity) <= passedMs) to++
  return all.slice(from, to)
}

/** One side of a pair, in an emptied database. */
export const runHot = async (deps: HotRunDeps, scenario: ScenarioName, side: Side): Promise<HotRun> => {
  const { redis, observer, options } = deps
  const opened = await open(redis, options.accounts)
  const { histories, counts } = opened
  const plan = compileFeatures(twelveFeatures, { retentionMs: defaultRetentionMs })
  const row = new Float64Array(plan.names.length)
  const key = hotKeyOf(opened, scenario)
  const all = arrivalsOf(scenario, side, options)
  const others = createRecorder()
  const watching = watch(observer, key)
  const redisBefore = await readCpuMicros(redis)
  const nodeBefore = nodeCpuMicros()
  const startedAt = performance.now()
  const epoch = Date.now()
  let number = options.accounts * 1_000

  for (let next = 0; next < all.length;) {
    await untilArrived(all[next]?.atMs ?? 0, startedAt)
    const some = arrived(all, next, performance.now() - startedAt)
    next += some.length
    const batch = some.map((each) => receivedAt(scenario, each, number++, epoch + Math.floor(each.atMs)))
    for (const recalled of await histories.remember(batch)) {
      const degraded = plan.compute(recalled, row)
      if (degraded.length > 0) throw new Error(`not known: ${degraded.join(', ')}`)
    }
    const doneMs = performance.now() - startedAt
    for (const { isHot, atMs } of some) if (!isHot) others.record(doneMs - atMs)
    await histories.conclude(batch.map((received) => ({ received, outcome: 'ALLOW' })))
  }
  await histories.flush()
  const seconds = (performance.now() - startedAt) / 1_000
  const nodeMicros = (nodeCpuMicros() - nodeBefore) / all.length
  const redisMicros = ((await readCpuMicros(redis)) - redisBefore) / all.length
  const mostBytes = await watching.stop()
  const lastBytes = await observer.strlen(key)
  await opened.close()
  return {
    othersMs: others.percentiles(),
    payments: all.length,
    seconds,
    mostBytes,
    lastBytes,
    folds: counts.get('logs_folded') ?? 0,
    nodeMicros,
    redisMicros,
  }
}
