import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { kafkaAccessOf, redisAccessOf } from '../compose/access.ts'
import { trustOf } from '../compose/trust.ts'
import { environmentWith, readSettings } from '../config.ts'
import { SluiceError } from '../errors.ts'
import { demonstrate } from '../offline/demo/demo.ts'
import { createEndings } from '../offline/demo/endings.ts'
import { createPending } from '../offline/demo/pending.ts'
import type { DemoOptions, Setting } from '../offline/demo/setting.ts'
import { createScreen, type Screen } from '../offline/demo/screen.ts'
import { isSuccess } from '../offline/demo/show/result.ts'
import { createWatch, type Watch } from '../offline/demo/watch.ts'
import { numberOf } from './options.ts'

export const summary = 'show payments being decided by a real Kafka, Redis and model'

const help = `Usage: sluice demo [options]

Starts Kafka, Redis and a processor, lets the processor remember 30 days of simulated payments, and plays a payment
switch that sends more of them and waits for the decisions. Everything is ended and removed afterwards.
SLUICE_KAFKA_BROKERS and SLUICE_REDIS_URL name servers that exist: topics of the demo's own are made there and removed,
and the Redis database has to be empty.

Options:
  --seconds N    how long payments are sent (60)
  --rate N       payments a second (100)
  --accounts N   accounts in the simulated world (2000)
  --seed N       whole number that the world follows from (20260)
  --keep         leave servers and processor running until Ctrl-C, and say where they are
  --json         print the result as one line of JSON; everything else goes to standard error

The exit code is 0 only if every payment got a decision and none got two different ones.
`

const options = {
  seconds: { type: 'string', default: '60' },
  rate: { type: 'string', default: '100' },
  accounts: { type: 'string', default: '2000' },
  seed: { type: 'string', default: '20260' },
  keep: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const between = (text: string, option: string, low: number, high: number): number => {
  const value = numberOf(text, option)
  if (value >= low && value <= high) return value
  throw new SluiceError('USAGE', `${option}: expected from ${low} to ${high}, got ${text}`)
}

type Interruption = { readonly signalled: Promise<never>; readonly exitCode: () => number | null }

/** The first signal ends the demo in order; a second one ends this process at once, and the others follow it. */
const awaitInterruption = (): Interruption => {
  const { promise, reject } = createPending<never>()
  let exitCode: number | null = null
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.once(signal, () => {
      exitCode = code
      reject(new SluiceError('STOPPED', `ended by ${signal}`))
    })
  return { signalled: promise, exitCode: () => exitCode }
}

const keepRunning = async (
  addresses: readonly string[],
  screen: Screen,
  watch: Watch,
  interruption: Interruption,
): Promise<void> => {
  screen.line('')
  for (const address of addresses) screen.line(address)
  screen.line('kept until Ctrl-C')
  // A promise alone does not keep this process alive.
  const alive = setInterval(() => undefined, 60_000)
  try {
    await watch.during(interruption.signalled)
  } catch (error) {
    if (interruption.exitCode() === null) throw error
  } finally {
    clearInterval(alive)
  }
}

const play = async (
  demoOptions: DemoOptions,
  { keep, json }: { readonly keep: boolean; readonly json: boolean },
): Promise<number> => {
  const settings = readSettings()
  const { schemasDir, modelsDir, historyRetentionDays } = settings
  const screen = createScreen(json ? process.stderr : process.stdout)
  const endings = createEndings(screen.line)
  const watch = createWatch()
  const interruption = awaitInterruption()
  watch.add(interruption.signalled)
  const setting: Setting = {
    options: demoOptions,
    settings: {
      schemasDir,
      modelsDir,
      trust: trustOf(settings),
      historyRetentionDays,
      access: { kafka: kafkaAccessOf(settings), redis: redisAccessOf(settings) },
    },
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    environmentWith,
    screen,
    endings,
    watch,
    isInterrupted: () => interruption.exitCode() !== null,
    now: Date.now,
    monotonic: () => performance.now(),
    wait: (ms) => wait(ms),
  }
  try {
    const { result, addresses } = await demonstrate(setting)
    if (keep) await keepRunning(addresses, screen, watch, interruption)
    await endings.run()
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
    return isSuccess(result) ? 0 : 1
  } catch (error) {
    screen.settle()
    await endings.run()
    const exitCode = interruption.exitCode()
    if (exitCode === null) throw error
    screen.line('interrupted; everything that was started has ended')
    return exitCode
  }
}

export const run = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  return play(
    {
      seconds: between(values.seconds, '--seconds', 1, 86_400),
      ratePerSecond: between(values.rate, '--rate', 1, 100_000),
      accounts: between(values.accounts, '--accounts', 1, 10_000_000),
      seed: numberOf(values.seed, '--seed'),
    },
    values,
  )
}
