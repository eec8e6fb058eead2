import type { Redis } from 'ioredis'
import { setImmediate, setTimeout as delay } from 'node:timers/promises'
import { foldingDefaults, type FoldingOptions } from '../../src/features/folding.redis.ts'
import type { Histories } from '../../src/features/histories.ts'
import { compileFeatures, type FeaturePlan } from '../../src/features/plan.ts'
import { openBenchHistories } from '../histories.redis.ts'
import { twelveFeatures } from '../twelveFeatures.ts'
import type { SoakOptions } from './options.ts'
import { createPopulation, type Moment } from './population.ts'
import { readDatasetBytes, readLogBytes, untilQuiet } from './readings.redis.ts'
import type { Sample } from './sample.ts'

export type SoakDeps = {
  /** An empty database. */
  readonly redis: Redis
  readonly options: Omit<SoakOptions, 'json' | 'tolerance'>
  /** As in production, unless another one is asked for; null: no log is folded. */
  readonly folding?: Omit<FoldingOptions, 'retentionMs'> | null
  /** Collects garbage; without it the process is not measured. */
  readonly collect: (() => void) | undefined
  readonly onSample: (sample: Sample) => void
}

const dayMs = 86_400_000
const startAt = Date.UTC(2026, 0, 1)
const batchSize = 64
const copiesMaxBytes = 256 * 2 ** 20
/** Ten minutes of real time, in that of a day a second. */
const copyMaxAgeMs = 600_000 * 86_400

/** Runs of payments and of happenings in their order, at most a micro-batch long. */
function* runsOf(moments: readonly Moment[]): Generator<readonly Moment[], void, undefined> {
  let run: Moment[] = []
  for (const moment of moments) {
    const [first] = run
    if (first !== undefined && (run.length === batchSize || 'received' in first !== 'received' in moment)) {
      yield run
      run = []
    }
    run.push(moment)
  }
  if (run.length > 0) yield run
}

const liveThrough = async (
  run: readonly Moment[],
  histories: Histories,
  plan: FeaturePlan,
  row: Float64Array,
): Promise<void> => {
  const paid = run.flatMap((moment) => ('received' in moment ? [moment] : []))
  const noted = run.flatMap((moment) => ('happening' in moment ? [moment.happening] : []))
  if (noted.length > 0) await histories.note(noted)
  if (paid.length === 0) return
  for (const recalled of await histories.remember(paid.map(({ received }) => received))) {
    const degraded = plan.compute(recalled, row)
    if (degraded.length > 0) throw new Error(`not known: ${degraded.join(', ')}`)
  }
  await histories.conclude(paid)
}

/** Buffers that a first collection gave up are gone after a second one. */
const settleMemory = async (collect: SoakDeps['collect']): Promise<void> => {
  for (let time = 0; time < 2; time++) {
    collect?.()
    await setImmediate()
  }
}

/** Lives through the days and measures. Rejects where anything is not known, or a fold failed. */
export const soak = async (deps: SoakDeps): Promise<readonly Sample[]> => {
  const { redis, options, collect, onSample } = deps
  const { accounts, days, pace, sampleDays, retentionDays, seed } = options
  const retentionMs = retentionDays * dayMs
  const folding = deps.folding === undefined ? foldingDefaults : deps.folding
  let clock = startAt
  const opened = await openBenchHistories(redis, {
    folding: folding === null ? null : { ...folding, retentionMs },
    now: () => clock,
    copyMaxAgeMs,
    copiesMaxBytes,
    outcomesWait: true,
  })
  const { histories, counts } = opened
  const population = createPopulation({ accounts, seed, startAt })
  const plan = compileFeatures(twelveFeatures, { retentionMs: Math.max(retentionMs, 30 * dayMs) })
  const row = new Float64Array(plan.names.length)
  const samples: Sample[] = []
  let payments = 0

  const sampleOf = async (day: number): Promise<Sample> => {
    await untilQuiet(() => counts.get('logs_folded') ?? 0)
    const failed = counts.get('folds_failed') ?? 0
    if (failed > 0) throw new Error(`${failed} folds failed`)
    await settleMemory(collect)
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return {
      day,
      payments,
      keys: await redis.dbsize(),
      logBytes: await readLogBytes(redis),
      redisBytes: await readDatasetBytes(redis),
      processBytes: collect === undefined ? NaN : heapUsed + arrayBuffers,
      folds: counts.get('logs_folded') ?? 0,
    }
  }

  const liveOneDay = async (): Promise<void> => {
    for (const run of runsOf(population.nextDay())) {
      clock = run.at(-1)?.at ?? clock
      await liveThrough(run, histories, plan, row)
      payments += run.filter((moment) => 'received' in moment).length
    }
    await histories.flush()
  }

  try {
    let startedAt = performance.now()
    for (let day = 1; day <= days; day++) {
      await liveOneDay()
      if (day % sampleDays === 0) {
        const before = performance.now()
        const sample = await sampleOf(day)
        samples.push(sample)
        onSample(sample)
        startedAt += performance.now() - before
      }
      const aheadMs = pace === 0 ? 0 : (day / pace) * 1_000 - (performance.now() - startedAt)
      if (aheadMs > 0) await delay(aheadMs)
    }
  } finally {
    await opened.close()
  }
  return samples
}
