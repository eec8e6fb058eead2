import { setTimeout as delay } from 'node:timers/promises'
import { countRecords, sendBacklog } from './client.kafka.ts'
import { readCpuMs } from './cpu.file.ts'
import { drainBetween, measuredPart, type DrainResult, type Sample } from './drain.ts'
import { degradedIn, read, readMemory } from './measure.file.ts'
import { startProcessor } from './processor.process.ts'
import type { Setting } from './setting.ts'

export type DrainOptions = {
  readonly backlog: number
  /** Share of the backlog that only warms up. */
  readonly warmUpShare: number
  /** A folder for a CPU profile of the processor. */
  readonly profileFolder?: string | undefined
}

export type Drained = DrainResult & {
  /** The measured stretch, ms since the processor was started. */
  readonly fromMs: number
  readonly toMs: number
}

const everyMs = 100
const stalledMs = 60_000

/**
 * Fills `payments`, then starts the processor and watches `decisions` grow. The deadline is set far off: a backlog
 * is late by definition, and late payments take a cheaper way than those that are measured here.
 */
export const runDrain = async (setting: Setting, options: DrainOptions): Promise<Drained> => {
  const { servers, admin, topics } = setting
  const payments = await setting.nextPayments(options.backlog)
  await sendBacklog(setting.producer, topics.payments, payments, setting.encode)
  const before = await countRecords(admin, topics.decisions)

  const profile =
    options.profileFolder === undefined
      ? []
      : ['--cpu-prof', `--cpu-prof-dir=${options.profileFolder}`, '--cpu-prof-interval=500']
  const processor = await startProcessor({ ...setting.environment, SLUICE_DEADLINE_MS: '600000' }, profile)
  const sample = async (): Promise<Sample> => ({
    decided: (await countRecords(admin, topics.decisions)) - before,
    at: performance.now(),
    nodeCpuMs: await readCpuMs(processor.pid),
    redisCpuMs: servers.pids.redis === undefined ? null : await readCpuMs(servers.pids.redis),
  })

  const samples = [await sample()]
  let grewAt = performance.now()
  for (let decided = 0; decided < options.backlog;) {
    await delay(everyMs)
    const next = await sample()
    samples.push(next)
    if (next.decided > decided) grewAt = next.at
    else if (next.at - grewAt > stalledMs)
      throw new Error(`the drain stands still at ${decided} of ${options.backlog}`)
    decided = next.decided
  }
  const { metrics } = await read(processor, servers.pids.redis)
  const memory = await readMemory(processor.pid, metrics)
  await processor.stop()
  const [from, to] = measuredPart(samples, options.backlog, options.warmUpShare)
  return {
    ...drainBetween(from, to, memory, degradedIn(metrics)),
    fromMs: from.at - processor.startedAt,
    toMs: to.at - processor.startedAt,
  }
}
