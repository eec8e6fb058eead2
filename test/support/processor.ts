import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { untilTrue } from './until.ts'

/** How a process ended: its exit code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals

/** An instance of `sluice run` as a process of its own. */
export type Processor = {
  readonly pid: number
  /** `http://host:port` of its metrics and health. */
  readonly url: string
  /** Its log, one JSON text a line; what it wrote to standard error too. */
  readonly log: readonly string[]
  readonly isReady: () => Promise<boolean>
  readonly kill: (signal: NodeJS.Signals) => void
  readonly exited: Promise<Exit>
  /** Ends it whatever its state, and waits for that. */
  readonly end: () => Promise<void>
}

export type ProcessorEnvironment = Readonly<Record<`SLUICE_${string}`, string>>

/** Keys that the instances of one test share, and what makes them quick: a short session, a free HTTP port. */
export const processorEnvironment = (
  own: ProcessorEnvironment & {
    readonly SLUICE_KAFKA_BROKERS: string
    readonly SLUICE_REDIS_URL: string
    readonly SLUICE_TOPIC_PREFIX: string
    readonly SLUICE_GROUP_ID: string
  },
): ProcessorEnvironment => ({
  SLUICE_HASH_KEY: randomBytes(16).toString('hex'),
  SLUICE_FEEDBACK_KEY: randomBytes(32).toString('hex'),
  SLUICE_HTTP_PORT: '0',
  SLUICE_SESSION_TIMEOUT_MS: '6000',
  ...own,
})

const project = fileURLToPath(new URL('../../', import.meta.url))

/** The tests' own environment without NODE_ENV and any setting of Sluice. */
const inherited = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => name !== 'NODE_ENV' && !name.startsWith('SLUICE_')),
  )

const portIn = (line: string): number | undefined =>
  line.includes('payments are being read') ? (JSON.parse(line) as { readonly port: number }).port : undefined

/**
 * Starts the sources as they are (never a stale build); resolves when `/health/ready` says so.
 * @param around variables of the process that are no settings of Sluice
 */
export const startProcessor = async (
  environment: ProcessorEnvironment,
  around: Readonly<Record<string, string>> = {},
): Promise<Processor> => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', 'run'], {
    cwd: project,
    env: { ...inherited(), ...around, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { pid } = child
  if (pid === undefined) throw new Error('sluice run cannot be started')
  const log: string[] = []
  let port: number | undefined
  let exit: Exit | undefined
  createInterface({ input: child.stdout }).on('line', (line) => {
    log.push(line)
    port ??= portIn(line)
  })
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line))
  const exited = once(child, 'exit').then(([code, signal]): Exit => {
    exit = (code ?? signal) as Exit
    return exit
  })

  const urlOf = (path: string): string => `http://127.0.0.1:${port}${path}`
  const isReady = async (): Promise<boolean> => {
    if (exit !== undefined) throw new Error(`sluice run ended (${exit})\n${log.slice(-15).join('\n')}`)
    return port !== undefined && (await fetch(urlOf('/health/ready'))).ok
  }
  const end = async (): Promise<void> => {
    if (exit === undefined) child.kill('SIGKILL')
    await exited
  }
  try {
    await untilTrue(isReady)
  } catch (error) {
    await end()
    throw error
  }
  return { pid, url: urlOf(''), log, isReady, kill: (signal) => void child.kill(signal), exited, end }
}
