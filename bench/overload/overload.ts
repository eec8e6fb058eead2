import { SluiceError } from '../../src/errors.ts'
import { runChecker } from '../../test/support/runChecker.ts'
import { paymentsIn, type Phase } from '../arrivals.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import type { Environment } from '../processor.process.ts'
import { writeResults } from '../results.file.ts'
import { openSetting, type Setting } from '../setting.ts'
import { capacityKinds, capacityOf, phasesOf, togetherOf, type Probed } from './capacity.ts'
import { openShadowedModels } from './models.file.ts'
import type { OverloadOptions } from './options.ts'
import { verdictText } from './report.ts'
import { run } from './run.ts'
import { verdictOf, type Verdict } from './verdict.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** The checker looks at the topics of the surge alone. */
const surgePrefix = 'overload.'

/**
 * Nothing is late, and nothing is left out: models in shadow are asked however long payments have waited in the instance.
 */
const wholeEnvironment: Environment = {
  SLUICE_DEADLINE_MS: '600000',
  SLUICE_SHED_FROM_SHARE: '0',
  SLUICE_SHADOW_BUDGET_MS: '10000',
}

type ProbeKind = 'whole' | 'shedding'

/** Histories grow from probe to probe, and whoever else uses the machine comes and goes: neither kind goes first. */
const probeOrder: readonly ProbeKind[] = ['whole', 'shedding', 'shedding', 'whole']

const probeNames: Readonly<Record<ProbeKind, string>> = {
  whole: 'capacity, nothing left out',
  shedding: 'capacity while shedding',
}

const measure = async (setting: Setting, options: OverloadOptions, models: string): Promise<Verdict> => {
  const { deadlineMs } = options
  const common: Environment = { SLUICE_MODELS_DIR: models }
  const shedding: Environment = { ...common, SLUICE_DEADLINE_MS: String(deadlineMs) }
  const probe: Phase = { perSecond: options.probePerSecond, seconds: options.probeSeconds }
  const probeAs = async (kind: ProbeKind, at: number): Promise<Probed> => {
    const environment = kind === 'whole' ? { ...common, ...wholeEnvironment } : shedding
    const prefix = `overload-${kind}-${at}.`
    const { times, shed, cpuMs } = await run(setting, { prefix, phases: [probe], environment })
    const capacity = capacityOf(times, probe)
    if (Number.isNaN(capacity.drained))
      throw new SluiceError('USAGE', `${probe.perSecond}/s left no backlog: --probe-rate must be higher`)
    const cpuMicros = (cpuMs * 1_000) / paymentsIn(probe)
    const shown = capacityKinds.map((each) => `${each} ${capacity[each].toFixed(0)}/s`)
    say(
      `${probeNames[kind]}: ${shown.join(', ')}, ${cpuMicros.toFixed(0)} us of CPU a payment (${JSON.stringify(shed)})`,
    )
    return { capacity: capacity[options.capacity], cpuMicros, leftOut: shed.leftOut }
  }
  const probes: { readonly kind: ProbeKind; readonly probed: Probed }[] = []
  for (const [at, kind] of probeOrder.entries()) probes.push({ kind, probed: await probeAs(kind, at) })
  const together = (which: ProbeKind): Probed =>
    togetherOf(probes.filter(({ kind }) => kind === which).map(({ probed }) => probed))
  const probed = { whole: together('whole'), shedding: together('shedding') }
  const capacities = { whole: probed.whole.capacity, shedding: probed.shedding.capacity }

  const phases = phasesOf(capacities, options.seconds)
  say(phases.map(({ perSecond, seconds }) => `${perSecond}/s for ${seconds} s`).join(', then '))
  const surge = await run(setting, { prefix: surgePrefix, phases, environment: shedding })
  say('all is answered, or was waited for; the checker reads all of it again')
  const { brokers } = setting.servers
  const findings = await runChecker({ brokers, prefix: surgePrefix, deadlineMs })
  return verdictOf({ run: surge, phases, probed, findings, deadlineMs })
}

/** Runs it, tells of it, and gives the exit code. */
export const overload = async (options: OverloadOptions): Promise<number> => {
  const takenAt = new Date()
  const loadBefore = await readLoad()
  const { accounts, historyDays } = options
  const models = await openShadowedModels()
  try {
    const setting = await openSetting({ accounts, historyDays, say })
    try {
      const verdict = await measure(setting, options, models.folder)
      const machine = describeMachine()
      const results = { bench: 'overload', takenAt, machine, loadBefore, options, ...verdict }
      const file = await writeResults(results, takenAt)
      process.stdout.write(
        options.json ? `${JSON.stringify(results)}\n` : `${verdictText(verdict)}; all in ${file}\n`,
      )
      return verdict.missed.length === 0 ? 0 : 1
    } finally {
      await setting.close()
    }
  } finally {
    await models.remove()
  }
}
