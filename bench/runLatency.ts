import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSettings } from '../src/config.ts'
import { arrivals, paymentsIn, type Phase } from './arrivals.ts'
import { latencyRun, type LatencyRun } from './latency.ts'
import { read, readMemory } from './measure.file.ts'
import { orderOfPair, type Contestant, type Pair } from './pairs.ts'
import { writePayments } from './payments.file.ts'
import { startProcessor, type Measured } from './processor.process.ts'
import { startLoad, startRelay } from './programs.process.ts'
import type { Setting } from './setting.ts'

export type LatencyOptions = {
  readonly perSecond: number
  readonly seconds: number
  readonly warmUpSeconds: number
  /** Number of the pair: settles who is first, and the times of the payments. */
  readonly pair: number
}

/**
 * A cold program warms up at no less than this: most of the histories that are met are to be held already. It must be less
 * than what a cold program answers, or what has piled up is measured: in exactly-once that is 2,400 on these two cores.
 */
const warmUpPerSecond = { 'at-least-once': 3_000, 'exactly-once': 2_000 }
/** Then at the rate that is measured, so that what has piled up is gone. */
const calmShare = 0.4

/** Warm-up in two parts, then what is measured. */
type Phases = readonly [Phase, Phase, Phase]

const startContestant = (setting: Setting, contestant: Contestant): Promise<Measured> => {
  if (contestant === 'sluice') return startProcessor(setting.environment)
  const settings = readSettings({ ...setting.environment })
  return startRelay({
    brokers: setting.servers.brokers,
    from: setting.relayTopics.payments,
    to: setting.relayTopics.decisions,
    groupId: 'bench-relay',
    maxWaitMs: settings.maxWaitMs,
    sessionTimeoutMs: settings.sessionTimeoutMs,
    partitionsConcurrently: settings.partitionsConcurrently,
    commitIntervalMs: settings.commitIntervalMs,
  })
}

const runOne = async (
  setting: Setting,
  contestant: Contestant,
  file: string,
  phases: Phases,
  seed: number,
): Promise<LatencyRun> => {
  const [rough, calm, measured] = phases
  const topics = contestant === 'sluice' ? setting.topics : setting.relayTopics
  const program = await startContestant(setting, contestant)
  const load = await startLoad({
    brokers: setting.servers.brokers,
    paymentsTopic: topics.payments,
    decisionsTopic: topics.decisions,
    groupId: `bench-load-${contestant}`,
    file,
    times: [...arrivals(phases, seed)],
    warmUpMs: (rough.seconds + calm.seconds) * 1_000,
    decisions: contestant === 'sluice',
    maxWaitMs: readSettings({ ...setting.environment }).maxWaitMs,
  })
  await load.warmUp()
  const before = await read(program, setting.servers.pids.redis)
  const result = await load.finish()
  const after = await read(program, setting.servers.pids.redis)
  const memory = await readMemory(program.pid, after.metrics)
  await program.stop()
  return latencyRun({ result, before, after, memory, payments: paymentsIn(measured) })
}

/** The relay and Sluice, one after the other, with the same payments at the same times. */
export const runPair = async (setting: Setting, options: LatencyOptions): Promise<Pair<LatencyRun>> => {
  const { perSecond, seconds, warmUpSeconds } = options
  const { delivery } = readSettings({ ...setting.environment })
  const phases: Phases = [
    { perSecond: Math.max(warmUpPerSecond[delivery], perSecond), seconds: warmUpSeconds * (1 - calmShare) },
    { perSecond, seconds: warmUpSeconds * calmShare },
    { perSecond, seconds },
  ]
  const payments = await setting.nextPayments(phases.reduce((sum, phase) => sum + paymentsIn(phase), 0))
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-'))
  try {
    const file = join(folder, 'payments')
    await writePayments(
      file,
      payments.map((payment) => ({ key: payment.accountId, value: setting.encode(payment) })),
    )
    const runs: Partial<Record<Contestant, LatencyRun>> = {}
    for (const contestant of orderOfPair(options.pair))
      runs[contestant] = await runOne(setting, contestant, file, phases, options.pair)
    const { relay, sluice } = runs
    if (relay === undefined || sluice === undefined) throw new Error('a pair has two runs')
    return { relay, sluice }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
