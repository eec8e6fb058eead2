import type { KillSwitch } from '../decision/killSwitch.ts'
import type { Settings } from '../config.ts'
import type { Log } from '../ops/log.ts'
import type { Metrics } from '../ops/metrics.ts'
import type { GuardDeps } from './guards.ts'
import { openKillSwitch } from './killSwitch.ts'
import { trustOf } from './trust.ts'

export type GuardingDeps = {
  readonly config: Settings
  readonly hashText: (text: string) => string
  readonly metrics: Pick<Metrics, 'setBreakers' | 'setKillSwitch'>
  readonly log: Log
  /** Epoch milliseconds. */
  readonly now: () => number
  /** Of the bundle in use. */
  readonly openBreakers: () => readonly string[]
}

/** What all bundles of an instance are guarded by. */
export type Guarding = {
  readonly deps: GuardDeps
  /** For `/health`. */
  readonly details: () => Readonly<Record<string, unknown>>
  /** From now on breakers are looked at also where no payment comes. */
  readonly start: () => void
  readonly stop: () => Promise<void>
}

const everyMs = 1_000

const partsOf = (order: KillSwitch | null): ReadonlyMap<string, number> =>
  new Map([
    ['model_off', order?.modelOff === true ? 1 : 0],
    ['rules_off', order?.rulesOff.length ?? 0],
    ['at_most', order?.atMost === undefined ? 0 : 1],
    ['at_least', order?.atLeast === undefined ? 0 : 1],
  ])

/** @throws SluiceError if there is a kill switch that cannot be understood */
export const openGuarding = async (deps: GuardingDeps): Promise<Guarding> => {
  const { config, metrics, log } = deps
  const killSwitch = await openKillSwitch({
    modelsDir: config.modelsDir,
    trust: trustOf(config),
    pollMs: config.modelsPollMs,
    log,
    now: deps.now,
  })
  const tell = (): void => {
    metrics.setBreakers(new Map(deps.openBreakers().map((origin) => [origin, 1])))
    metrics.setKillSwitch(partsOf(killSwitch.current()))
  }
  let timer: NodeJS.Timeout | null = null
  return {
    deps: {
      killSwitch: killSwitch.current,
      usual: new Map(),
      hashText: deps.hashText,
      onBreaker: ({ open, ...seen }) =>
        open
          ? log.error(seen, 'blocks far more than usual: its BLOCK counts as STEP_UP until that is over')
          : log.warn(seen, 'is back in its bounds: its BLOCK counts again'),
    },
    details: () => ({
      openBreakers: deps.openBreakers(),
      killSwitch: killSwitch.current(),
      killSwitchProblem: killSwitch.problem(),
    }),
    start: () => {
      tell()
      timer = setInterval(tell, everyMs)
      timer.unref()
    },
    stop: async () => {
      if (timer !== null) clearInterval(timer)
      await killSwitch.stop()
    },
  }
}
