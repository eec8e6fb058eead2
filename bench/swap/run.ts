import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { readSettings } from '../../src/config.ts'
import { arrivals, paymentsIn, type Phase } from '../arrivals.ts'
import { bucketQuantile, readBuckets, since } from '../exposition.ts'
import { read, type Reading } from '../measure.file.ts'
import { writePayments } from '../payments.file.ts'
import { startProcessor } from '../processor.process.ts'
import { startLoad } from '../programs.process.ts'
import type { Setting } from '../setting.ts'
import type { SwapModels } from './models.file.ts'
import type { SwapBenchOptions } from './options.ts'
import { startSwapper, type Offered } from './swapper.ts'

export type SwapRun = {
  readonly payments: number
  readonly missing: number
  readonly unexpected: number
  /** Of the own part, ms, in each window. */
  readonly p99Ms: readonly number[]
  readonly p999Ms: readonly number[]
  readonly offered: readonly Offered[]
}

const quantilesIn = (readings: readonly Reading[], q: number): readonly number[] =>
  readings.slice(1).map(({ metrics }, i) => {
    const name = 'sluice_own_part_seconds'
    return (
      bucketQuantile(since(readBuckets(readings[i]!.metrics, name), readBuckets(metrics, name)), q) * 1_000
    )
  })

/** One run of the processor under a steady load, with swaps or without. */
export const runOnce = async (
  setting: Setting,
  models: SwapModels,
  options: SwapBenchOptions,
  withSwaps: boolean,
): Promise<SwapRun> => {
  const { perSecond, seconds, windows, warmUpSeconds } = options
  const phases: readonly Phase[] = [
    { perSecond, seconds: warmUpSeconds },
    { perSecond, seconds },
  ]
  const payments = await setting.nextPayments(phases.reduce((sum, phase) => sum + paymentsIn(phase), 0))
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-swap-'))
  const environment = {
    ...setting.environment,
    SLUICE_MODELS_DIR: models.folder,
    // What is measured is swapping, not what the watch would make of scores that differ on purpose.
    SLUICE_PROBATION_MS: '0',
  }
  const processor = await startProcessor(environment)
  try {
    const file = join(folder, 'payments')
    await writePayments(
      file,
      payments.map((payment) => ({ key: payment.accountId, value: setting.encode(payment) })),
    )
    const load = await startLoad({
      brokers: setting.servers.brokers,
      paymentsTopic: setting.topics.payments,
      decisionsTopic: setting.topics.decisions,
      groupId: `bench-load-swap-${withSwaps}`,
      file,
      times: [...arrivals(phases, 1)],
      warmUpMs: warmUpSeconds * 1_000,
      decisions: true,
      maxWaitMs: readSettings({ ...environment }).maxWaitMs,
    })
    await load.warmUp()
    const readings = [await read(processor, undefined)]
    const swapper = withSwaps
      ? startSwapper(models, processor.metricsUrl ?? '', options.everySeconds * 1_000)
      : null
    for (let window = 0; window < windows; window++) {
      await delay((seconds * 1_000) / windows)
      readings.push(await read(processor, undefined))
    }
    const offered = (await swapper?.stop()) ?? []
    const result = await load.finish()
    await processor.stop()
    return {
      payments: payments.length,
      missing: result.missing,
      unexpected: result.unexpected,
      p99Ms: quantilesIn(readings, 0.99),
      p999Ms: quantilesIn(readings, 0.999),
      offered,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
