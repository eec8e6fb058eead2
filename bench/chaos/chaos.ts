import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createRng } from '../../src/offline/simulator/rng.ts'
import { runChecker } from '../../test/support/runChecker.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import { writeResults } from '../results.file.ts'
import { openChaosSetting, type ChaosSetting } from './chaosSetting.ts'
import { faults, type FaultName, type World } from './faults.ts'
import { startInstance } from './instances.process.ts'
import type { ChaosOptions } from './options.ts'
import { startPayers, type Payers } from './payers.process.ts'
import { recoveriesOf, type FaultAt } from './recovery.ts'
import { findingsText, isHeld, recoveryTable } from './report.ts'
import { faultsIn, scheduleOf } from './schedule.ts'
import { timelineOf } from './timeline.ts'

const deadlineMs = 1_000
const patienceMs = 60_000

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** One fault after the other at its time, or later where the one before takes longer. */
const bringAbout = async (
  world: World,
  order: readonly FaultName[],
  everyMs: number,
  payers: Payers,
): Promise<readonly FaultAt[]> => {
  const startedAt = Date.now()
  const brought: FaultAt[] = []
  for (const [i, name] of order.entries()) {
    await delay(Math.max(0, startedAt + (i + 1) * everyMs - Date.now()))
    const beganAt = Date.now()
    await faults[name](world)
    brought.push({ name, beganAt, endedAt: Date.now() })
    const { sent, answered } = payers.progress()
    const [at, over] = [beganAt, Date.now()].map((ms) => ((ms - startedAt) / 1_000).toFixed(0))
    say(`${at} to ${over} s: ${name}; by then ${sent} sent, ${answered} answered`)
  }
  return brought
}

const startAll = async (setting: ChaosSetting, options: ChaosOptions, logFolder: string) => {
  const environment = {
    ...setting.environment,
    SLUICE_GROUP_ID: 'chaos',
    SLUICE_DELIVERY: options.delivery,
    SLUICE_DEADLINE_MS: String(deadlineMs),
    SLUICE_SESSION_TIMEOUT_MS: '6000',
  }
  const start = (name: string) =>
    startInstance(name, { ...environment, SLUICE_INSTANCE_ID: name }, join(logFolder, `${name}.log`))
  return { instances: await Promise.all([start('one'), start('two')]), startThird: () => start('three') }
}

/** Runs it, tells of it, and gives the exit code. */
export const chaos = async (options: ChaosOptions): Promise<number> => {
  const { delivery, seconds, perSecond, everySeconds, seed } = options
  const takenAt = new Date()
  const loadBefore = await readLoad()
  const logFolder = fileURLToPath(
    new URL(`../results/chaos-${takenAt.toISOString().replaceAll(/[:.]/g, '-')}`, import.meta.url),
  )
  await mkdir(logFolder, { recursive: true })
  const order = scheduleOf(options.faults, faultsIn(seconds, everySeconds), seed)
  say(`seed ${seed}, ${delivery}: ${order.join('; ')}`)
  say(`logs in ${logFolder}`)
  const setting = await openChaosSetting()
  try {
    const { instances, startThird } = await startAll(setting, options, logFolder)
    const payers = await startPayers({
      brokers: setting.servers.brokers,
      paymentsTopic: setting.topics.payments,
      decisionsTopic: setting.topics.decisions,
      groupId: `payers-${randomBytes(4).toString('hex')}`,
      perSecond,
      seconds,
      patienceMs,
    })
    const { servers, brokers, proxy } = setting
    const world = { servers, brokers, proxy, instances, startThird, rng: createRng(seed + 1) }
    payers.go()
    const [brought, payments] = await Promise.all([
      bringAbout(world, order, everySeconds * 1_000, payers),
      payers.done,
    ])
    await Promise.all(instances.map((instance) => instance.retire()))
    const findings = await runChecker({ brokers: servers.brokers, prefix: setting.prefix, deadlineMs })
    const recoveries = recoveriesOf(payments, brought, { deadlineMs, calmMs: 10_000, steadyMs: 2_000 })
    const unanswered = payments.filter(({ receivedAt }) => Number.isNaN(receivedAt)).length
    const verdict = { delivery, findings, unanswered }
    const results = {
      bench: 'chaos',
      takenAt,
      machine: describeMachine(),
      loadBefore,
      options,
      order,
      findings,
      unanswered,
      unasked: instances.flatMap((instance) => instance.unasked()),
      recoveries,
      timeline: timelineOf(payments),
      held: isHeld(verdict),
    }
    const file = await writeResults(results, takenAt)
    process.stdout.write(
      options.json
        ? `${JSON.stringify(results)}\n`
        : `${recoveryTable(recoveries)}\n${findingsText(verdict)}\n${results.unasked.map((text) => `unasked: ${text}\n`).join('')}${results.held ? 'held' : 'NOT HELD'}; all in ${file}\n`,
    )
    return results.held ? 0 : 1
  } finally {
    await setting.close()
  }
}
