import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { topicNames } from '../../src/stream/topicSpec.ts'
import { paymentsIn, type Phase } from '../arrivals.ts'
import { createBenchTopics } from '../client.kafka.ts'
import { read, type Reading } from '../measure.file.ts'
import { writePayments, type Sendable } from '../payments.file.ts'
import { startProcessor, type Environment } from '../processor.process.ts'
import type { Setting } from '../setting.ts'
import { watchMemory, type MemorySample } from './memory.file.ts'
import { startPayers, type Paid } from './payers.process.ts'
import { readShed, type Shed } from './shed.ts'

export type RunOptions = {
  /** Of its topics. */
  readonly prefix: string
  readonly phases: readonly Phase[]
  /** Beside that of the setting. */
  readonly environment: Environment
}

export type Run = Paid & {
  readonly memory: readonly MemorySample[]
  readonly shed: Shed
  /** Of processor and Redis, from the first payment to the last answer. */
  readonly cpuMs: number
}

/** @throws where Redis is not ours to look at */
const cpuOf = ({ nodeCpuMs, redisCpuMs }: Reading): number => {
  if (redisCpuMs === null) throw new Error('the CPU of Redis cannot be read')
  return nodeCpuMs + redisCpuMs
}

const patienceMs = 30_000

const atOnce = 20_000

/** A piece at a time: payments in full are several times as large as their bytes. */
const encoded = async (setting: Setting, count: number): Promise<readonly Sendable[]> => {
  const all: Sendable[] = []
  while (all.length < count)
    for (const payment of await setting.nextPayments(Math.min(atOnce, count - all.length)))
      all.push({ key: payment.accountId, value: setting.encode(payment) })
  return all
}

/** A processor of its own gets what the phases offer; resolves when all is answered and it has ended. */
export const run = async (setting: Setting, options: RunOptions): Promise<Run> => {
  const { prefix, phases } = options
  const topics = topicNames(prefix)
  await createBenchTopics(setting.admin, prefix)
  const payments = await encoded(
    setting,
    phases.reduce((sum, phase) => sum + paymentsIn(phase), 0),
  )
  const folder = await mkdtemp(join(tmpdir(), 'sluice-overload-'))
  try {
    const file = join(folder, 'payments')
    await writePayments(file, payments)
    const processor = await startProcessor({
      ...setting.environment,
      SLUICE_TOPIC_PREFIX: prefix,
      ...options.environment,
    })
    const payers = await startPayers({
      brokers: setting.servers.brokers,
      paymentsTopic: topics.payments,
      decisionsTopic: topics.decisions,
      groupId: `${prefix}payers`,
      file,
      phases,
      patienceMs,
    })
    const before = await read(processor, setting.servers.pids.redis)
    const watch = watchMemory(processor)
    const paid = await payers.pay()
    const memory = await watch.stop()
    const after = await read(processor, setting.servers.pids.redis)
    await processor.stop()
    return { ...paid, memory, shed: readShed(after.metrics), cpuMs: cpuOf(after) - cpuOf(before) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
