import { SluiceError } from '../../src/errors.ts'
import { runChecker } from '../../test/support/runChecker.ts'
import type { Phase } from '../arrivals.ts'
import { describeMachine, readLoad } from '../machine.file.ts'
import type { Environment } from '../processor.process.ts'
import { writeResults } from '../results.file.ts'
import { openSetting, type Setting } from '../setting.ts'
import { capacityKinds, capacityOf, phasesOf } from './capacity.ts'
import { openShadowedModels } from './models.file.ts'
import type { OverloadOptions } from './options.ts'
import { verdictText } from './report.ts'
import { run } from './run.ts'
import { verdictOf, type Verdict } from './verdict.ts'

const say = (text: string): void => void process.stderr.write(`${text}\n`)

/** Each has topics of its own: the checker looks at those of the surge alone. */
const prefixes = { whole: 'overload-whole.', shedding: 'overload-shedding.', surge: 'overload.' }

/** Nothing is late, and nothing is left out. */
const wholeEnvironment: Environment = { SLUICE_DEADLINE_MS: '600000', SLUICE_SHED_FROM_SHARE: '0' }

const measure = async (setting: Setting, options: OverloadOptions, models: string): Promise<Verdict> => {
  const { deadlineMs } = options
  const common: Environment = { SLUICE_MODELS_DIR: models }
  const shedding: Environment = { ...common, SLUICE_DEADLINE_MS: String(deadlineMs) }
  const probe: Phase = { perSecond: options.probePerSecond, seconds: options.probeSeconds }
  const probeWith = async (what: string, prefix: string, environment: Environment): Promise<number> => {
    const { times, shed } = await run(setting, { prefix, phases: [probe], environment })
    const capacity = capacityOf(times, probe)
    const shown = capacityKinds.map((kind) => `${kind} ${capacity[kind].toFixed(0)}/s`)
    say(`${what}: ${shown.join(', ')} (${JSON.stringify(shed)})`)
    if (Number.isNaN(capacity.drained))
      throw new SluiceError('USAGE', `${probe.perSecond}/s left no backlog: --probe-rate must be higher`)
    return capacity[options.capacity]
  }
  const capacities = {
    whole: await probeWith('capacity, nothing left out', prefixes.whole, { ...common, ...wholeEnvironment }),
    shedding: await probeWith('capacity while shedding', prefixes.shedding, shedding),
  }

  const phases = phasesOf(capacities, options.seconds)
  say(phases.map(({ perSecond, seconds }) => `${perSecond}/s for ${seconds} s`).join(', then '))
  const surge = await run(setting, { prefix: prefixes.surge, phases, environment: shedding })
  say('all is answered, or was waited for; the checker reads all of it again')
  const { brokers } = setting.servers
  const findings = await runChecker({ brokers, prefix: prefixes.surge, deadlineMs })
  return verdictOf({ run: surge, phases, capacities, findings, deadlineMs })
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
